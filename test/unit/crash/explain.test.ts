import { explainCrash, imageProgram, parseCrashLog } from '../../../src/crash';
import { config as faultDemo } from '../../../cells/imx8mm-fault-demo';
import { config as gicDemo } from '../../../cells/imx8mm-gic-demo';
import { config as ivshmemDemo } from '../../../cells/imx8mm-ivshmem-demo';
import { config as root } from '../../../cells/imx8mm';
import { MEM_IO_32, MEM_READ, MEM_WRITE } from '../../../src/abi/jailhouse';
import { dumpText, recorded } from './dumps';
import type { CellConfig } from '../../../src/abi/jailhouse';
import type { CrashDump, CrashExplanation, Program, World } from '../../../src/crash';
import type { DumpShape } from './dumps';

const cellOf = (config: CellConfig) =>
  ({ file: `${config.name}.cell`, dialect: 'nxp-10', config, isRoot: false }) as const;
const world: World = {
  system: { file: 'imx8mm.cell', dialect: 'nxp-10', config: root },
  cells: [cellOf(gicDemo), cellOf(faultDemo), cellOf(ivshmemDemo)],
};

function explain(shape: DumpShape, program?: Program, where: World = world): CrashExplanation {
  return explainCrash(parseCrashLog(dumpText(shape))[0] as CrashDump, { world: where, program });
}

const facts = ({ facts: all }: CrashExplanation, label: string) =>
  all.filter((fact) => fact.label === label).map(({ text }) => text);

const code = (...words: number[]) => imageProgram('demo.bin', new Uint8Array(new Uint32Array(words).buffer), 0x3400n);

describe('data aborts', () => {
  test('a write to a device of the root cell', () => {
    const told = explain({ x: { 2: 0xdeadbeefn } });
    expect(told.title).toBe('CPU 3 of cell "gic-demo" was parked: it wrote 4 bytes to 0x12345678');
    expect(facts(told, 'access')).toEqual(['a store of 32 bits, from w2, which held 0xdeadbeef']);
    expect(facts(told, 'address')[0]).toBe("0x12345678 is in no memory region of cell 'gic-demo'");
    expect(facts(told, 'address')[1]).toMatch(
      /^below it: mem_regions\[1\] of cell 'gic-demo', 0x0-0xffff,.* before it$/,
    );
    expect(facts(told, 'address')[2]).toMatch(/^above it: mem_regions\[0\] of cell 'gic-demo', 0x3089/);
    expect(facts(told, 'owner')).toEqual([
      'physical 0x12345678 is in mem_regions[0] of the root cell, 0x0-0x3fffffff (READ WRITE IO)',
    ]);
    expect(told.remedies[0]).toMatch(/\.phys_start = 0x12345000, .*JAILHOUSE_MEM_IO/);
    expect(told.doubts).toEqual([]);
  });

  test('just behind the RAM of the cell', () => {
    const told = explain({ cause: 'Unhandled data write at 0x10000(8)' });
    expect(facts(told, 'address')[1]).toMatch(/ends just before it$/);
    expect(told.remedies[0]).toMatch(/ran past the end of its memory: give mem_regions\[1\] more than 0x10000 bytes/);
  });

  test('the memory of the hypervisor, of another cell, and of nobody', () => {
    const hypervisor = root.hypervisorMemory.physStart;
    expect(facts(explain({ cause: `Unhandled data read at 0x${hypervisor.toString(16)}(4)` }), 'owner')[0]).toMatch(
      /the hypervisor itself/,
    );
    const ram = ivshmemDemo.memoryRegions.find(({ physStart, virtStart }) => virtStart === 0n && physStart !== 0n);
    const foreign = explain({
      cause: `Unhandled data read at 0x${ram?.physStart.toString(16)}(4)`,
      cell: 'gic-demo',
      iss: 0x1800006,
    });
    expect(facts(foreign, 'owner').join()).toMatch(/of cell 'ivshmem-demo'/);
    const nobody = explain({ cause: 'Unhandled data write at 0xff00000000(4)' });
    expect(facts(nobody, 'owner')).toEqual([]);
    expect(nobody.remedies[0]).toMatch(/^If a device is there that the cell shall have, add a region/);
  });

  test('the GIC, which the hypervisor emulates', () => {
    const base = root.arm?.gicdBase ?? 0n;
    const told = explain({ cause: `Unhandled data write at 0x${(base + 0x100n).toString(16)}(8)` });
    expect(facts(told, 'address')[0]).toMatch(/is in the registers of the GIC \(GICD\).*which the hypervisor emulates/);
  });

  test('a region that cannot be written', () => {
    const memoryRegions = [{ physStart: 0x12345000n, virtStart: 0x12345000n, size: 0x1000n, flags: MEM_READ }];
    const cells = [cellOf({ ...gicDemo, memoryRegions })];
    const told = explain({ iss: 0x182004f }, undefined, { system: undefined, cells });
    expect(facts(told, 'trap')[1]).toBe('permission fault, level 3');
    expect(told.remedies).toEqual(['Add JAILHOUSE_MEM_WRITE to mem_regions[0].flags, or do not write there.']);
  });

  test('part of a page, by another width than the config permits', () => {
    const flags = MEM_READ | MEM_WRITE | MEM_IO_32;
    const memoryRegions = [{ physStart: 0x30890040n, virtStart: 0x40n, size: 0x10n, flags }];
    const cells = [cellOf({ ...gicDemo, memoryRegions })];
    const shape = { cause: 'FATAL: Invalid MMIO write, address: 30890041, size: 2', verdict: 'forbidden access' };
    const told = explain(shape, undefined, { system: undefined, cells });
    expect(told.title).toMatch(/it wrote 2 bytes to 0x30890041$/);
    expect(told.remedies).toEqual([
      'Add JAILHOUSE_MEM_IO_16 to mem_regions[0].flags, or access it by another width.',
      'The access is not aligned to its 2 bytes: align it, or add JAILHOUSE_MEM_IO_UNALIGNED to mem_regions[0].flags.',
    ]);
  });
});

describe('aborts without a syndrome', () => {
  const shape = { cause: '', iss: 0x46, x: { 1: 0x12345668n } };

  test('write-back is told by the instruction, and so is the address', () => {
    const told = explain(shape, code(0xb8010c3f)); // str wzr, [x1, #16]!
    expect(told.title).toMatch(/it wrote 4 bytes to 0x12345678$/);
    expect(facts(told, 'access')).toEqual([
      'the CPU gave no syndrome (ISV 0) for str wzr, [x1, #16]!: it writes the new address back to its base register, and nobody can emulate it',
    ]);
    expect(told.remedies.at(-1)).toMatch(/without write-back/);
  });

  test('a pair', () =>
    expect(facts(explain(shape, code(0xa9000440)), 'access')[0]).toMatch(/stp x0, x1, \[x2\]: it transfers a pair/));

  test('without the program, all reasons there may be', () => {
    const told = explain(shape);
    expect(facts(told, 'access')[0]).toMatch(/writes its base register back, transfers a pair or SIMD registers/);
    expect(told.doubts[0]).toMatch(/--elf FILE or --image FILE/);
  });

  test('a program that is not the one that ran is doubted', () => {
    expect(explain(shape, code(0xb9000020)).doubts.join()).toMatch(/not the one that ran/); // str w0, [x1]
    const elsewhere = imageProgram('demo.bin', new Uint8Array(16), 0n);
    expect(explain(shape, elsewhere).doubts.join()).toMatch(/demo.bin has nothing at pc/);
  });

  test.each([
    [0x80, /page tables, which are in memory that the cell does not have/],
    [0x100, /cache maintenance/],
  ])('bit 0x%s of the syndrome', (bit, words) =>
    expect(facts(explain({ iss: 0x6 | bit }), 'access')[0]).toMatch(words),
  );
});

test('jumps to nowhere', () => {
  const told = explain({
    cause: 'FATAL: instruction abort at 0x50000000',
    exceptionClass: 0x20,
    iss: 5,
    pc: 0x50000000n,
  });
  expect(told.title).toMatch(/it jumped to 0x50000000$/);
  expect(facts(told, 'caller')).toEqual(['lr is 0x33f0']);
});

describe('calls', () => {
  const hvc = { cause: '', verdict: 'forbidden access', exceptionClass: 0x16 };

  test('PSCI by HVC', () => {
    const told = explain({ ...hvc, iss: 0, x: { 0: 0xc4000003n } });
    expect(facts(told, 'access')).toEqual(['x0 is 0xc4000003: the PSCI call CPU_ON']);
    expect(told.remedies).toEqual([
      'Jailhouse takes PSCI by SMC: write method = "smc" into the psci node of the device tree.',
    ]);
  });

  test('a hypercall of Xen', () => expect(explain({ ...hvc, iss: 0xea1 }).remedies[0]).toMatch(/of Xen/));

  test('HVC is found before pc, too', () => {
    const program = imageProgram('demo.bin', new Uint8Array(new Uint32Array([0xd4000002, 0xd65f03c0]).buffer), 0x33fcn);
    expect(facts(explain({ ...hvc, iss: 0 }, program), 'instruction')).toEqual([
      'hvc #0x0 (at 0x33fc, just before pc)',
    ]);
  });

  test('firmware that no cell has', () => {
    const told = explain({ cause: '', exceptionClass: 0x17, iss: 0, x: { 0: 0x95c1ba60n } });
    expect(told.title).toMatch(/it called firmware function 0x95c1ba60$/);
  });

  test('system registers', () => {
    const actlr = (3 << 20) | (1 << 17) | (1 << 10) | (7 << 5);
    const told = explain({ cause: '', exceptionClass: 0x18, iss: actlr, x: { 7: 5n } });
    expect(told.title).toMatch(/it wrote ACTLR_EL1$/);
    expect(facts(told, 'access')).toEqual(['from x7, which held 0x5']);
  });
});

describe('virtual PCI', () => {
  const forbidden = { verdict: 'forbidden access', iss: 0x1800006 };

  test('a register that ivshmem does not have', () => {
    const told = explain({ ...forbidden, cause: 'FATAL: Invalid ivshmem register read, number 04' });
    expect(told.title).toMatch(/it read ivshmem register at offset 0x4$/);
    expect(told.remedies).toEqual([
      'MAX_PEERS is at 0x4 in ivshmem v2: the driver in the cell is for another release than this hypervisor.',
    ]);
  });

  test('a register that can only be read', () =>
    expect(explain({ ...forbidden, cause: 'FATAL: Invalid ivshmem register write, number 14' }).remedies[0]).toMatch(
      /^RSTATE can only be read/,
    ));

  test('a device that the cell does not have', () => {
    const cause = 'FATAL: Invalid PCI MMCONFIG write, device 00:03.0, reg: 4, size: 2';
    const told = explain({ ...forbidden, cause, cell: 'ivshmem-demo' });
    expect(facts(told, 'owner')).toEqual(['the cell has 00:00.0, and no 00:03.0']);
  });
});

test('what is not known is said', () => {
  const told = explain({ cell: 'other' });
  expect(told.doubts).toEqual(['without the config of cell "other" nobody can say what it may access: --cell FILE']);
  const lost = parseCrashLog(`<missed 3455 bytes of console log>\n${dumpText().slice(500)}`)[0] as CrashDump;
  expect(explainCrash(lost, { world }).doubts.join()).toMatch(/console lost 3455 bytes.*does not have/);
});

test.each([
  ['write', 'it wrote 4 bytes to 0x12345678'],
  ['read', 'it read 4 bytes at 0x12345678'],
  ['exec', 'it jumped to 0x12345678'],
  ['hvc', 'it executed HVC #0x0'],
  ['undefined-smc', 'it called firmware function 0x95c1ba60'],
])('the emulated board after kind=%s', (kind, what) => {
  const dump = parseCrashLog(recorded(kind)).at(-1) as CrashDump;
  expect(explainCrash(dump, { world }).title).toBe(`CPU 3 of cell "fault-demo" was parked: ${what}`);
});
