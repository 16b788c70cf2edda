import { UsageError } from '../arguments';
import type { CommandIo } from '../../command';

const USAGE = `Usage: cellvisor completion bash|zsh|fish

Prints a script that completes the command lines of jailhouse, xl, uio_send, uio_read and cellvisor, with the cells and domains that
exist.

   bash   source <(cellvisor completion bash)
   zsh    cellvisor completion zsh > DIRECTORY_OF_FPATH/_jailhouse
   fish   cellvisor completion fish | source
`;

/** `cellvisor completion`. */
export async function completion(args: readonly string[], io: CommandIo): Promise<number> {
  const [shell, ...others] = args;
  if (others.length > 0) throw new UsageError('one shell', USAGE);
  switch (shell) {
    case 'bash':
      io.out((await import('./bash')).BASH);
      return 0;
    case 'zsh':
      io.out((await import('./zsh')).ZSH);
      return 0;
    case 'fish':
      io.out((await import('./fish')).FISH);
      return 0;
    case '--help':
    case '-h':
      io.out(USAGE);
      return 0;
    default:
      throw new UsageError(shell === undefined ? 'a shell is missing' : `there is no completion for '${shell}'`, USAGE);
  }
}
