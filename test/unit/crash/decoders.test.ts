import { decodeInstruction } from '../../../src/crash/instruction/decode';
import { decodeDataAbort, registerName } from '../../../src/crash/syndrome/abort';
import { exceptionClassWords } from '../../../src/crash/syndrome/exception-class';
import { decodeSecureCall } from '../../../src/crash/syndrome/secure-call';
import { decodeStatus, statusWords } from '../../../src/crash/syndrome/status';
import { decodeSystemAccess, isImplementationDefined } from '../../../src/crash/syndrome/system-register';

test('data abort of the reference: a store of w2 that hit nothing', () => {
  const abort = decodeDataAbort(0x1820046);
  expect(abort).toEqual({
    fault: 'translation fault, level 2',
    faultKind: 'translation',
    level: 2,
    duringTableWalk: false,
    external: false,
    isWrite: true,
    cacheMaintenance: false,
    transfer: { sizeBytes: 4, signExtended: false, register: 2, is64Bit: false, acquireRelease: false },
  });
  expect(abort.transfer && registerName(abort.transfer)).toBe('w2');
});

test.each([
  [0x00, 'address size fault, level 0'],
  [0x07, 'translation fault, level 3'],
  [0x09, 'access flag fault, level 1'],
  [0x0f, 'permission fault, level 3'],
  [0x10, 'external abort: the bus answered with an error'],
  [0x15, 'external abort on a table walk, level 1'],
  [0x21, 'alignment fault'],
  [0x30, 'TLB conflict'],
  [0x35, 'exclusive or atomic access to memory that does not have them'],
  [0x3f, 'fault status 0x3f'],
])('fault status 0x%s', (status, words) => expect(decodeDataAbort(status).fault).toBe(words));

test('bits of a data abort', () => {
  expect(decodeDataAbort(0).transfer).toBeUndefined();
  expect(decodeDataAbort((1 << 24) | (3 << 22) | (1 << 21) | (31 << 16) | (1 << 15) | (1 << 14)).transfer).toEqual({
    sizeBytes: 8,
    signExtended: true,
    register: 31,
    is64Bit: true,
    acquireRelease: true,
  });
  expect([0x40, 0x80, 0x100, 0x200].map((iss) => decodeDataAbort(iss))).toMatchObject([
    { isWrite: true },
    { duringTableWalk: true },
    { cacheMaintenance: true },
    { external: true },
  ]);
});

test('exception classes', () => {
  expect(exceptionClassWords(0x24)).toBe('data abort in the guest');
  expect(exceptionClassWords(0x16)).toBe('HVC');
  expect(exceptionClassWords(0x3f)).toMatch(/has not given a meaning/);
});

test('processor status', () => {
  expect(statusWords(decodeStatus(0x3c5))).toBe('EL1h, interrupts masked');
  expect(statusWords(decodeStatus(0x60000005))).toBe('EL1h, interrupts on');
  expect(decodeStatus(0x0)).toMatchObject({ mode: 'EL0t', level: 0, ownStack: false });
  expect(decodeStatus(0x1d3)).toMatchObject({ mode: 'AArch32 Supervisor', isAarch32: true, masked: 'AIF' });
});

test.each([
  [0x84000003n, 'CPU_ON', 'Arm standard services (PSCI)'],
  [0xc4000003n, 'CPU_ON', 'Arm standard services (PSCI)'],
  [0x80007fffn, 'SMCCC_ARCH_WORKAROUND_2', 'the Arm architecture'],
  [0xc2000000n, undefined, 'the SoC vendor (SiP)'],
  [0xb2000001n, undefined, 'a trusted OS'],
  [0x95c1ba60n, undefined, 'owner 21, which is reserved'],
])('firmware function 0x%s', (id, name, owner) => expect(decodeSecureCall(id)).toMatchObject({ name, owner }));

test.each([
  // ISS = op0 << 20 | op2 << 17 | op1 << 14 | CRn << 10 | Rt << 5 | CRm << 1 | read
  [(3 << 20) | (1 << 17) | (1 << 10) | (0 << 5), 'ACTLR_EL1', false],
  [(3 << 20) | (2 << 17) | (1 << 14) | (11 << 10) | (4 << 5) | 1, 'L2CTLR_EL1', true],
  [(1 << 20) | (2 << 17) | (7 << 10) | (14 << 1), 'DC CISW', false],
  [(3 << 20) | (7 << 17) | (7 << 14) | (15 << 10) | (15 << 1) | 1, 'S3_7_C15_C15_7', true],
])('system access 0x%s', (iss, name, isRead) => expect(decodeSystemAccess(iss)).toMatchObject({ name, isRead }));

test('registers of a core are told from those of Arm', () => {
  expect(isImplementationDefined(decodeSystemAccess((3 << 20) | (11 << 10)))).toBe(true);
  expect(isImplementationDefined(decodeSystemAccess((3 << 20) | (1 << 10)))).toBe(false);
});

/** Encodings and texts by GNU objdump. */
test.each([
  [0xb9000260, 'str w0, [x19]', 4, undefined],
  [0xf9400821, 'ldr x1, [x1, #16]', 8, undefined],
  [0x39400420, 'ldrb w0, [x1, #1]', 1, undefined],
  [0xb8010c3f, 'str wzr, [x1, #16]!', 4, 'write-back'],
  [0xb8404420, 'ldr w0, [x1], #4', 4, 'write-back'],
  [0xb85fc020, 'ldur w0, [x1, #-4]', 4, undefined],
  [0xb8626820, 'ldr w0, [x1, x2]', 4, undefined],
  [0xb8625820, 'ldr w0, [x1, w2, uxtw #2]', 4, undefined],
  [0xf8627820, 'ldr x0, [x1, x2, lsl #3]', 8, undefined],
  [0xa9bf7bfd, 'stp x29, x30, [sp, #-16]!', 16, 'pair'],
  [0xa8c17bfd, 'ldp x29, x30, [sp], #16', 16, 'pair'],
  [0x29400440, 'ldp w0, w1, [x2]', 8, 'pair'],
  [0x3d800020, 'str q0, [x1]', 16, 'simd'],
  [0xfd400020, 'ldr d0, [x1]', 8, 'simd'],
  [0xad000440, 'stp q0, q1, [x2]', 32, 'simd'],
  [0x885f7c20, 'ldxr w0, [x1]', 4, 'exclusive'],
  [0xc8027c20, 'stxr w2, x0, [x1]', 8, 'exclusive'],
  [0x88dffc20, 'ldar w0, [x1]', 4, undefined],
  [0x889ffc20, 'stlr w0, [x1]', 4, undefined],
  [0xb8e00041, 'ldaddal w0, w1, [x2]', 4, 'atomic'],
  [0xc8a07c41, 'cas x0, x1, [x2]', 8, 'atomic'],
  [0x18000040, 'ldr w0, pc+0x8', 4, undefined],
  [0xd50b7420, 'dc zva, x0', 64, 'zeroes a cache line'],
])('0x%s is %s', (word, text, sizeBytes, noSyndrome) =>
  expect(decodeInstruction(word)).toMatchObject({ kind: 'memory', text, sizeBytes, noSyndrome }),
);

test.each([
  [0xd4094902, 'hvc', 'hvc #0x4a48'],
  [0xd4000003, 'smc', 'smc #0x0'],
  [0xd4200020, 'brk', 'brk #0x1'],
  [0xd5181020, 'system', 'msr actlr_el1, x0'],
  [0xd5381020, 'system', 'mrs x0, actlr_el1'],
  [0, 'zero', 'udf #0'],
  [0xd503201f, 'system', '.inst 0xd503201f'],
  [0x8b010000, 'other', '.inst 0x8b010000'],
])('0x%s is %s', (word, kind, text) => expect(decodeInstruction(word)).toEqual({ kind, text }));
