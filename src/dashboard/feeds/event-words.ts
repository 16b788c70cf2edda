import type { BoardEvent } from '../../watch/events';

/** What happened, in a line. */
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
      return `cell ${event.cell.id} ${event.cell.name} appeared: ${event.cell.state}`;
    case 'cell-gone':
      return `cell ${event.cell.id} ${event.cell.name} is gone`;
    case 'state-changed':
      return `cell ${event.cell.id} ${event.cell.name}: ${event.from} -> ${event.to}`;
    case 'cpu-failed':
      return `cell ${event.cell.id} ${event.cell.name}: CPU ${event.cpu} FAILED`;
  }
}
