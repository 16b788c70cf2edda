import { nxpGuestMemory, upstreamGuestMemory } from '../../../../src/abi/xen/dialects/guest-memory';
import { planMemory } from '../../../../src/xen/builder/memory-plan';
import type { MemoryNeeds } from '../../../../src/xen/builder/memory-plan';

const MIB = 1024n * 1024n;
const small: MemoryNeeds = {
  memoryBytes: 128n * MIB,
  kernelBytes: 33n * MIB,
  kernelOffset: 0n,
  ramdiskBytes: 0xff000n,
  deviceTreeBytes: 0x800n,
};

test('128 MiB, as seen on the test board', () => {
  expect(planMemory(upstreamGuestMemory, small)).toEqual({
    banks: [{ base: 0x4000_0000n, sizeBytes: 128n * MIB }],
    kernel: { base: 0x4000_0000n, sizeBytes: 33n * MIB },
    ramdisk: { base: 0x47f0_0000n, sizeBytes: 0xff000n },
    deviceTree: { base: 0x47ff_f000n, sizeBytes: 0x800n },
  });
});

test('modules are at 128 MiB when the bank reaches that far', () => {
  const plan = planMemory(upstreamGuestMemory, { ...small, memoryBytes: 256n * MIB });
  expect(plan.ramdisk?.base).toBe(0x4800_0000n);
  expect(plan.deviceTree.base).toBe(0x480f_f000n);
});

test('just reaching that far is enough', () => {
  const plan = planMemory(upstreamGuestMemory, { ...small, memoryBytes: 129n * MIB });
  expect(plan.ramdisk?.base).toBe(0x4800_0000n);
});

test('a kernel that reaches 128 MiB pushes them to the end', () => {
  const plan = planMemory(upstreamGuestMemory, { ...small, memoryBytes: 256n * MIB, kernelBytes: 127n * MIB });
  expect(plan.ramdisk?.base).toBe(0x4ff0_0000n);
});

test('below the kernel when there is no room behind it', () => {
  const plan = planMemory(upstreamGuestMemory, { ...small, memoryBytes: 36n * MIB, kernelOffset: 2n * MIB });
  expect(plan.ramdisk?.base).toBe(0x4020_0000n - 0x100000n);
});

test("NXP's base, and a guest over both banks", () => {
  const plan = planMemory(nxpGuestMemory, { ...small, memoryBytes: 3328n * MIB });
  expect(plan.banks).toEqual([
    { base: 0x8000_0000n, sizeBytes: 2048n * MIB },
    { base: 0x2_0000_0000n, sizeBytes: 1280n * MIB },
  ]);
  expect(plan.kernel.base).toBe(0x8000_0000n);
});

test('without a ramdisk', () => {
  const plan = planMemory(upstreamGuestMemory, { ...small, ramdiskBytes: 0n });
  expect(plan.ramdisk).toBeUndefined();
  expect(plan.deviceTree.base).toBe(0x47ff_f000n);
});

test.each([
  [{ memoryBytes: 0n }, 'the domain has no memory'],
  [{ memoryBytes: 16n * MIB }, 'memory: 16 MiB is too little: the kernel needs 33 MiB'],
  [{ memoryBytes: 34n * MIB }, 'memory: 34 MiB is too little: the kernel needs 33 MiB, ramdisk and device tree 1 MiB'],
  [{ memoryBytes: 2n << 40n }, 'memory: 2097152 MiB is more than a guest has (1043456 MiB)'],
])('%j is refused', (needs, message) => {
  expect(() => planMemory(upstreamGuestMemory, { ...small, ...needs })).toThrow(
    expect.objectContaining({ code: 'E_XEN_MEMORY', message }),
  );
});

test('nothing overlaps, whatever the sizes', () => {
  for (let memory = 34n; memory < 300n; memory += 7n) {
    for (const kernelBytes of [1n, 2n * MIB, 33n * MIB]) {
      for (const ramdiskBytes of [0n, 1n, 9n * MIB + 1n]) {
        for (const kernelOffset of [0n, 0x80000n, 2n * MIB]) {
          const needs = {
            memoryBytes: memory * MIB,
            kernelBytes,
            ramdiskBytes,
            kernelOffset,
            deviceTreeBytes: 0x1801n,
          };
          let plan;
          try {
            plan = planMemory(upstreamGuestMemory, needs);
          } catch {
            continue;
          }
          const regions = [plan.kernel, ...(plan.ramdisk ? [plan.ramdisk] : []), plan.deviceTree]
            .map(({ base, sizeBytes }) => [base, base + sizeBytes] as const)
            .sort(([a], [b]) => Number(a - b));
          regions
            .slice(1)
            .forEach(([base], index) => expect(base >= (regions[index] as readonly [bigint, bigint])[1]).toBe(true));
          expect((regions.at(-1) as readonly [bigint, bigint])[1] <= 0x4000_0000n + memory * MIB).toBe(true);
        }
      }
    }
  }
});
