import type { OpenRefusal } from './refusal';

export function explainOpen({ errno }: OpenRefusal): string | undefined {
  switch (errno) {
    case 'ENOENT':
      return 'the Jailhouse driver is not loaded (insmod jailhouse.ko); without a board, choose the emulated one: CELLVISOR_BACKEND=emulated';
    case 'ENXIO':
    case 'ENODEV':
      return 'the device node is left over from another boot: load the driver (insmod jailhouse.ko)';
    case 'EACCES':
    case 'EPERM':
      return 'only root may use the hypervisor: run this as root';
    default:
      return undefined;
  }
}
