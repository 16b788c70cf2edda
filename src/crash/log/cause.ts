import { parseBdf } from '../../abi/pci/bdf';
import type { Cause, Direction } from '../dump';

type Match = readonly string[];

/** The hypervisor's sentences (jailhouse-hypervisor reference 3 and 9), of all releases. */
const SENTENCES: readonly (readonly [RegExp, (match: Match) => Cause])[] = [
  [
    /Unhandled data (read|write) at 0x([0-9a-f]{1,16})\((\d{1,3})\)/,
    ([, direction, address, size]) => ({
      kind: 'unhandled-data',
      direction: direction as Direction,
      address: hex(address),
      sizeBytes: Number(size),
    }),
  ],
  [
    /FATAL: Invalid MMIO (read|write), address: ([0-9a-f]{1,16}), size: ([0-9a-f]{1,2})/,
    ([, direction, address, size]) => ({
      kind: 'invalid-mmio',
      direction: direction as Direction,
      address: hex(address),
      sizeBytes: Number(hex(size)),
    }),
  ],
  [
    /FATAL: instruction abort at 0x([0-9a-f]{1,16})/,
    ([, address]) => ({ kind: 'instruction-abort', address: hex(address) }),
  ],
  [
    /FATAL: Invalid ivshmem register (read|write), number ([0-9a-f]{1,8})/,
    ([, direction, offset]) => ({
      kind: 'ivshmem-register',
      direction: direction as Direction,
      offset: Number(hex(offset)),
    }),
  ],
  [
    /FATAL: Invalid PCI MMCONFIG (read|write), device ([0-9a-f]{2}:[01][0-9a-f]\.[0-7]), reg: (?:0x)?([0-9a-f]{1,3}), size: (\d{1,2})/,
    ([, direction, bdf, register, size]) => ({
      kind: 'pci-config',
      direction: direction as Direction,
      bdf: parseBdf(bdf as string) ?? 0,
      register: Number(hex(register)),
      sizeBytes: Number(size),
    }),
  ],
  [
    /FATAL: Invalid PCI MSI-X table\/PBA access, device ([0-9a-f]{2}:[01][0-9a-f]\.[0-7])/,
    ([, bdf]) => ({ kind: 'pci-msix', bdf: parseBdf(bdf as string) ?? 0 }),
  ],
  [/Unhandled SMC arch trap ([0-9a-f]{1,16})/, ([, id]) => ({ kind: 'smc-arch', functionId: hex(id) })],
  [
    /FATAL: unimplemented instruction 0x([0-9a-f]{8}) \(([^()]*)\) at 0x([0-9a-f]{1,16})/,
    ([, instruction, what, pc]) => ({
      kind: 'not-emulated',
      instruction: Number(hex(instruction)),
      what: what as string,
      pc: hex(pc),
    }),
  ],
  [/FATAL: Unhandled HYP exception: synchronous abort from EL2/, () => ({ kind: 'hypervisor-fault' })],
  [/FATAL: (.{1,200})$/, ([, text]) => ({ kind: 'other', text: text as string })],
];

/** What a line says of the reason, where it is such a line. The `FATAL:` line with the exception class is none. */
export function parseCause(text: string): Cause | undefined {
  for (const [sentence, cause] of SENTENCES) {
    const match = sentence.exec(text);
    if (match) {
      return cause(match);
    }
  }
  return undefined;
}

function hex(digits: string | undefined): bigint {
  return BigInt(`0x${digits ?? '0'}`);
}
