import { checkDomain } from '../../xen/lifecycle/request';
import { openConsole } from '../../xen/console/console';
import { CellvisorError } from '../../errors';
import { reportError } from '../report';
import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import { openProcessKeyboard } from './keyboard';
import { EXIT_FAILURE, withXenstore } from './xenstore';
import type { Console, ConsoleType } from '../../xen/console/console';
import type { CommandIo } from '../command';
import type { XlRun } from './xl';
import type { Keyboard } from './keyboard';

const TYPES: readonly string[] = ['pv', 'serial', 'vuart'] satisfies ConsoleType[];
const EXIT_DOMAIN_0 = 22;
/** Ctrl-], typed and not pasted: alone in its read (xen-abi reference 14). */
const ESCAPE = 0x1d;

/** `xl console [-t TYPE] [-n NUMBER] DOMAIN`. Without a terminal on both sides it prints, and reads no keys. */
export async function console(
  args: readonly string[],
  { io }: XlRun,
  openKeyboard: () => Keyboard = openProcessKeyboard,
): Promise<number> {
  const { values, positionals } = parseXlArguments(
    'console',
    args,
    { options: { type: { type: 'string', short: 't' }, number: { type: 'string', short: 'n' } }, minimum: 1 },
    io,
  );
  const type = values.type ?? 'pv';
  if (!isType(type)) {
    io.err('console type supported are: pv, serial, vuart\n');
    return EXIT_FAILURE;
  }
  const number = Number(/^\d+/.exec(values.number ?? '')?.[0] ?? 0);
  return withXenstore(io, async (store, kernel) => {
    const domid = await findDomainId(store, positionals[0] ?? '');
    if (domid === 0) {
      io.err("Can't specify Domain-0\n");
      return EXIT_DOMAIN_0;
    }
    try {
      await checkDomain(store, domid);
      const opened = await openConsole(kernel, store, domid, { type, number });
      await (io.openTerminal === undefined ? print(opened, io) : converse(opened, io, openKeyboard()));
      return 0;
    } catch (error) {
      if (!(error instanceof CellvisorError)) throw error;
      reportError(error, io);
      io.err('Unable to attach console\n');
      return EXIT_FAILURE;
    }
  });
}

function isType(type: string): type is ConsoleType {
  return TYPES.includes(type);
}

async function print(opened: Console, io: CommandIo): Promise<void> {
  for await (const bytes of opened) io.out(bytes);
}

async function converse(opened: Console, io: CommandIo, keyboard: Keyboard): Promise<void> {
  // Keys go out in the order in which they were typed, each after the one before.
  let typing = Promise.resolve();
  keyboard.onKeys((keys) => {
    if (keys === undefined || (keys.length === 1 && keys[0] === ESCAPE)) void opened.close();
    else typing = typing.then(() => opened.write(keys)).catch(() => undefined);
  });
  try {
    await print(opened, io);
  } finally {
    keyboard.close();
  }
}
