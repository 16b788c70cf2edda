import type { Placement } from '../../../../linux-cell';
import type { LinuxArguments } from './arguments';

/** What `-w` prints: the commands that do the same (jailhouse-tools reference 11.5), with the files as they were given. */
export function loadCommands(
  name: string,
  { config, kernel, initrd, parametersFile }: LinuxArguments,
  placement: Placement,
  isZipped: boolean,
): string {
  const at = (address: bigint) => `-a 0x${address.toString(16)}`;
  const load = [
    `jailhouse cell load ${name}`,
    `linux-loader.bin ${at(placement.loader)}`,
    `-s "${placement.parameterText}" ${at(placement.parameters)}`,
    `${kernel}${isZipped ? '-unzipped' : ''} ${at(placement.kernel)}`,
    ...(initrd !== undefined && placement.initrd !== undefined ? [`${initrd} ${at(placement.initrd)}`] : []),
    `${parametersFile} ${at(placement.tree)}`,
  ];
  const note = isZipped ? `\nNote that ${kernel} is zipped and requires decompression first.\n` : '';
  return `Modified device tree written. Start Linux with the following commands (adjusting paths as needed):

jailhouse cell create ${config}
${load.join(' ')}
jailhouse cell start ${name}
${note}`;
}
