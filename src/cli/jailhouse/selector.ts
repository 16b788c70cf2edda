import { decodeText, encodeText } from '../../abi/text';
import { strtoll } from './strtoll';
import type { CellSelector } from '../../abi/jailhouse/ioctls';

/** The C tool copies as much of a name as its struct holds, and says nothing of the rest. */
const NAME_MAX_BYTES = 31;

/** A selector, and how many arguments it took. */
export interface ParsedSelector {
  readonly selector: CellSelector;
  readonly taken: 1 | 2;
}

/**
 * `{ ID | [--name] NAME }` at the start of the arguments (jailhouse-tools reference 6.1). The number is cut to 32 bits as
 * the C tool's is; what then is not a non-negative id is a name.
 *
 * @returns undefined when an argument is missing
 */
export function parseSelector(args: readonly string[]): ParsedSelector | undefined {
  const [first, second] = args;
  if (first === undefined) {
    return undefined;
  }
  if (first === '--name') {
    return second === undefined ? undefined : { selector: byName(second), taken: 2 };
  }
  const { value, outOfRange, complete } = strtoll(first);
  const id = Number(BigInt.asIntN(32, value));
  return { selector: outOfRange || !complete || id < 0 ? byName(first) : { id }, taken: 1 };
}

/** A selector that must be all there is. */
export function parseOnlySelector(args: readonly string[]): CellSelector | undefined {
  const parsed = parseSelector(args);
  return parsed && parsed.taken === args.length ? parsed.selector : undefined;
}

function byName(name: string): CellSelector {
  return { name: decodeText(encodeText(name).subarray(0, NAME_MAX_BYTES)) };
}
