import { parseOptions, printHelp, UsageError } from '../arguments';
import type { CommandIo } from '../../command';

const USAGE = `Usage: cellvisor module load FILE [PARAMETER=VALUE ...]
       cellvisor module unload NAME

Loads a kernel module such as jailhouse.ko or uio_ivshmem.ko into this machine's
kernel, or unloads it.
`;

/** `cellvisor module`: for boards whose system has no insmod and rmmod, and for programs that want an errno. */
export async function kernelModule(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, { help: { type: 'boolean', short: 'h' } }, USAGE);
  if (values.help) return printHelp(io, USAGE);
  const [action, subject, ...others] = positionals;
  if (action === undefined) throw new UsageError('what to do is missing: load or unload', USAGE);
  if (action !== 'load' && action !== 'unload') throw new UsageError(`there is no '${action}' for a module`, USAGE);
  if (subject === undefined) throw new UsageError(`which module to ${action} is missing`, USAGE);
  const host = io.env['CELLVISOR_HOST'];
  if (host) {
    const there = `ssh ${host} cellvisor module ${positionals.join(' ')}`;
    throw new UsageError(`modules are loaded where their files are: ${there}`, USAGE);
  }
  const { loadModule, unloadModule } = await import('../../../kernel/hardware/modules');
  if (action === 'load') {
    loadModule(subject, others);
  } else {
    if (others.length > 0) throw new UsageError('one module at a time', USAGE);
    unloadModule(subject);
  }
  return 0;
}
