import { KernelError } from '../../../errors';
import {
  consoleSnapshot,
  INFO_MEM_POOL_SIZE,
  INFO_MEM_POOL_USED,
  INFO_REMAP_POOL_SIZE,
  INFO_REMAP_POOL_USED,
} from '../../../abi/jailhouse';
import { hasVirtualConsole } from '../jailhouse/console-reader';
import { coreContent } from '../jailhouse/image';
import { attribute, binaryFile, directory } from '../vfs/node';
import { cellDirectory } from './cell';
import type { JailhouseModule } from '../jailhouse/jailhouse-module';
import type { DirectoryNode, Node } from '../vfs/node';

/** /sys/devices/jailhouse (jailhouse-abi reference 2). */
export function jailhouseDevice(module: JailhouseModule): DirectoryNode {
  return directory(() => ({
    enabled: attribute(() => (module.enabled ? '1\n' : '0\n')),
    console: attribute(() => consoleContent(module)),
    mem_pool_size: info(module, INFO_MEM_POOL_SIZE),
    mem_pool_used: info(module, INFO_MEM_POOL_USED),
    remap_pool_size: info(module, INFO_REMAP_POOL_SIZE),
    remap_pool_used: info(module, INFO_REMAP_POOL_USED),
    uevent: attribute(() => ''),
    ...coreFile(module),
    cells: directory(() => Object.fromEntries(module.cells.map((cell) => [`${cell.id}`, cellDirectory(module, cell)]))),
  }));
}

/** Each look at the pools is a hypercall. */
function info({ enabled, linux }: JailhouseModule, type: number): Node {
  return attribute(() => `${enabled?.hypervisor.info(type, linux.cpus.current) ?? 0}\n`);
}

function consoleContent(module: JailhouseModule): Uint8Array {
  if (!module.enabled) {
    return new Uint8Array(0);
  }
  if (!hasVirtualConsole(module)) {
    throw new KernelError('read console', 'EPERM');
  }
  return consoleSnapshot(module.linux.machine.consoleSnapshot());
}

function coreFile({ core, linux }: JailhouseModule): Record<string, Node> {
  if (!core) {
    return {};
  }
  return { core: binaryFile(linux.release.sizes.core, () => coreContent(linux, core.physStart)) };
}
