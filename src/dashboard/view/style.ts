/** What a span of text means to a person; a theme says how it looks. */
export type Style =
  | 'title'
  | 'focused'
  | 'head'
  | 'dim'
  | 'strong'
  | 'cursor'
  | 'mark'
  | 'running'
  | 'locked'
  | 'down'
  | 'failed'
  | 'emulated'
  | 'hardware'
  | 'problem'
  | 'hint'
  | 'key'
  | 'figure'
  | 'cell0'
  | 'cell1'
  | 'cell2'
  | 'cell3'
  | 'cell4'
  | 'cell5';

const CELL_STYLES = ['cell0', 'cell1', 'cell2', 'cell3', 'cell4', 'cell5'] as const;

/** The same one for a cell wherever it is drawn. */
export function cellStyle(id: number): Style {
  return CELL_STYLES[id % CELL_STYLES.length] ?? 'cell0';
}

/** States as sysfs names them (jailhouse-abi reference 2). */
export function stateStyle(state: string): Style {
  switch (state) {
    case 'running':
      return 'running';
    case 'running/locked':
      return 'locked';
    case 'shut down':
      return 'down';
    default:
      return 'failed';
  }
}
