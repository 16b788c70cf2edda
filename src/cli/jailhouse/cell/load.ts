import { readInputFile } from '../input-file';
import { openJailhouse } from '../open';
import { parseSelector } from '../selector';
import { strtoll } from '../strtoll';
import { wrongUsage } from '../usage';
import type { PreloadImage } from '../../../abi/jailhouse/ioctls';
import type { CommandIo } from '../../command';

/** What to load: a file, or a text that is loaded with its closing NUL. */
interface Item {
  readonly kind: 'file' | 'string';
  readonly text: string;
  readonly address: bigint;
}

/** `jailhouse cell load { ID | [--name] NAME } { IMAGE | { -s | --string } "STRING" } [-a | --address ADDRESS] ...` */
export async function load(args: readonly string[], io: CommandIo): Promise<number> {
  const parsed = parseSelector(args);
  const items = parsed && parseItems(args.slice(parsed.taken));
  if (!items || items.length === 0) {
    return wrongUsage(io);
  }
  const images = items.map(readItem);
  await (await openJailhouse(io)).loadCell(parsed.selector, images);
  return 0;
}

/** @returns undefined when the arguments are not what the grammar allows (jailhouse-tools reference 7) */
function parseItems(args: readonly string[]): Item[] | undefined {
  const items: Item[] = [];
  for (let index = 0; index < args.length;) {
    const kind = isOption(args[index], '-s', '--string') ? 'string' : 'file';
    index += kind === 'string' ? 1 : 0;
    const text = args[index++];
    let address = 0n;
    if (isOption(args[index], '-a', '--address')) {
      const number = args[index + 1] === undefined ? undefined : strtoll(args[index + 1] as string);
      if (!number?.complete || number.outOfRange) {
        return undefined;
      }
      address = BigInt.asUintN(64, number.value);
      index += 2;
    }
    if (text === undefined) {
      return undefined;
    }
    items.push({ kind, text, address });
  }
  return items;
}

function isOption(argument: string | undefined, short: string, long: string): boolean {
  return argument === short || argument === long;
}

function readItem({ kind, text, address }: Item): PreloadImage {
  const source = kind === 'file' ? readInputFile(text) : Buffer.from(`${text}\0`);
  return { source, targetAddress: address };
}
