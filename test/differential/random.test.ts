import { buildProgram, STATE_BYTES } from './program';
import { runOnBoard, runOnReference, whyNoReference } from './sides';
import type { Program } from './program';

/** Random instructions in all; CELLVISOR_DIFFERENTIAL asks for more, as CI does for a million. */
const TOTAL = Number(process.env['CELLVISOR_DIFFERENTIAL'] ?? 200_000);
const FIRST_SEED = Number(process.env['CELLVISOR_DIFFERENTIAL_SEED'] ?? 1);
const PER_BLOCK = 8;
const PER_PROGRAM = 100_000;

const slots = [...Array.from({ length: 31 }, (_, register) => `x${register}`), 'sp', 'nzcv'];
const hex = (value: bigint): string => `0x${value.toString(16).padStart(16, '0')}`;

/** The first block whose registers differ, in words; the data buffer last. */
function firstDifference(program: Program, board: Uint8Array, reference: Uint8Array): string | undefined {
  if (Buffer.compare(board, reference) === 0) return undefined;
  const [ours, theirs] = [board, reference].map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  if (!ours || !theirs) throw new Error('unreachable');
  const resultsAt = program.results - program.data;
  for (const [index, block] of program.blocks.entries()) {
    const differing = slots.flatMap((name, slot) => {
      const offset = resultsAt + index * STATE_BYTES + slot * 8;
      const [our, their] = [ours.getBigUint64(offset, true), theirs.getBigUint64(offset, true)];
      return our === their ? [] : [`  ${name}: ${hex(our)}, the reference has ${hex(their)}`];
    });
    if (differing.length > 0) {
      const words = block.words.map((word) => word.toString(16).padStart(8, '0')).join(' ');
      return [`block ${index} at 0x${block.address.toString(16)}: ${words}`, ...differing].join('\n');
    }
  }
  const offset = board.findIndex((byte, at) => byte !== reference[at]);
  return `no register differs, but byte 0x${offset.toString(16)} of the data buffer does`;
}

const missing = whyNoReference();
if (missing) {
  test.skip(`random instructions beside the reference CPU (skipped: ${missing})`, () => undefined);
  process.stderr.write(`differential test skipped: ${missing}\n`);
} else {
  const seeds = Array.from({ length: Math.ceil(TOTAL / PER_PROGRAM) }, (_, index) => FIRST_SEED + index);
  test.each(seeds)(
    `${PER_PROGRAM} random instructions, seed %i: the core does what the reference CPU does`,
    async (seed) => {
      const program = buildProgram(seed, PER_PROGRAM / PER_BLOCK, PER_BLOCK);
      expect(firstDifference(program, await runOnBoard(program), runOnReference(program))).toBeUndefined();
    },
    60_000,
  );
}
