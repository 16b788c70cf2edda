import { writeFileSync } from 'node:fs';
import { collectFiles } from '../../../live/collect/collect';
import { KernelError } from '../../../errors';
import type { CommandIo } from '../../command';

/** `jailhouse config collect FILE.TAR`: the script's checks in its order (jailhouse-tools reference 12.2), files of arm64 boards too. */
export async function collect(args: readonly string[], io: CommandIo): Promise<number> {
  const isRemote = Boolean(io.env['CELLVISOR_HOST']);
  if (!isRemote && needsRoot(io) && process.geteuid?.() !== 0) return refuse(io);
  const [file = ''] = args;
  if (file === '' || file === '--help') {
    io.err('Usage: jailhouse config collect mytarget.tar\n');
    return 1;
  }
  const kernel = await io.openKernel(io.env);
  if (kernel.backend === 'hardware' && kernel.agent && kernel.agent.userId !== 0) return refuse(io);
  const entries = await collectFiles(kernel);
  const { makeTar } = await import('../../../live/collect/tar');
  const bytes = await makeTar(entries, new Date());
  try {
    writeFileSync(file, bytes);
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    throw new KernelError(`writing ${file}`, errno, { cause: error });
  }
  return 0;
}

function refuse(io: CommandIo): 1 {
  io.err('Please run as root\n');
  return 1;
}

/** Only root sees addresses in /proc/iomem; an emulated board belongs to whom it runs as. */
function needsRoot({ env }: CommandIo): boolean {
  return (env['CELLVISOR_BACKEND'] || 'hardware') === 'hardware';
}
