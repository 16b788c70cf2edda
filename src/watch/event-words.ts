import { formatCpuList } from '../abi/jailhouse/bitmap';
import type { BoardEvent } from './events';

/** What happened, in a line for people: `cell 1 demo: running -> failed`. */
export function eventInWords(event: BoardEvent): string {
  switch (event.type) {
    case 'driver-gone':
      return 'the driver was unloaded';
    case 'driver-back':
      return 'the driver was loaded';
    case 'hypervisor-enabled':
      return 'Jailhouse was enabled';
    case 'hypervisor-closed':
      return 'Jailhouse was disabled';
    case 'cell-appeared':
      return `${cellOf(event)} appeared: ${event.cell.state}, CPUs ${formatCpuList(event.cell.assignedCpus)}`;
    case 'cell-gone':
      return `${cellOf(event)} is gone`;
    case 'state-changed':
      return `${cellOf(event)}: ${event.from} -> ${event.to}`;
    case 'cpu-failed':
      return `${cellOf(event)}: CPU ${event.cpu} FAILED`;
  }
}

function cellOf({ cell }: Extract<BoardEvent, { cell: unknown }>): string {
  return `cell ${cell.id} ${cell.name}`;
}
