import type { BoardStatus } from '../../../wire/control';

/** A board's status as people read it. */
export function showStatus(status: BoardStatus): string {
  const clock = status.clock === 'virtual' ? ', virtual clock' : '';
  const type = status.name === status.type ? '' : ` (${status.type})`;
  return [
    `${status.name}${type}: on, process ${status.processId}, Jailhouse ${status.release}${clock}`,
    ...status.cells.map((cell) => `   cell ${cell.id}   ${cell.name}, ${cell.state}`),
    ...status.uarts.map((uart) => `   ${uart.name}   ${uart.terminal ?? ''}`.trimEnd()),
    '',
  ].join('\n');
}

export function showJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
