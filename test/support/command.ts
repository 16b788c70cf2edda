import { reportError } from '../../src/cli/report';
import type { Command, CommandIo, Terminal } from '../../src/cli/command';
import type { Kernel } from '../../src/kernel/kernel';

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Whether the command asked for the kernel at all. */
  readonly openedKernel: boolean;
}

export interface CommandSetting {
  readonly kernel?: Kernel;
  readonly env?: CommandIo['env'];
  readonly programPath?: string;
  readonly terminal?: Terminal;
}

/** Runs a command in this process, the way `runCommand` would in its own. */
export async function run(
  command: Command,
  args: readonly string[],
  setting: CommandSetting = {},
): Promise<CommandResult> {
  const { kernel, env = {}, programPath = '/usr/bin/jailhouse', terminal } = setting;
  const out: Buffer[] = [];
  let err = '';
  let openedKernel = false;
  const io: CommandIo = {
    programPath,
    env,
    out: (data) => void out.push(Buffer.from(data)),
    err: (text) => void (err += text),
    openKernel: async () => {
      openedKernel = true;
      if (!kernel) {
        throw new Error('this command must not open the kernel');
      }
      return kernel;
    },
    openTerminal: terminal && (() => Promise.resolve(terminal)),
  };
  let code: number;
  try {
    code = await command(args, io);
  } catch (error) {
    reportError(error, io);
    code = 1;
  }
  return { code, out: Buffer.concat(out).toString(), err, openedKernel };
}
