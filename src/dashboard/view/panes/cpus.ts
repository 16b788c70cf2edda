import { currentBoard, tabOf } from '../../model/selectors';
import { gauge } from '../figures';
import { styled } from '../line';
import { cellStyle } from '../style';
import type { State } from '../../model/state';
import type { XenFigures } from '../../model/domain';
import type { Glyphs } from '../glyphs';
import type { Line, Span } from '../line';
import type { Paper } from '../paper';

const LABEL = ' CPUs ';
const MAX_COLUMNS = 24;

/** One field a core, as wide as there is room: its number, and the name of the cell that owns it. */
export function cpuLine(state: State, { columns, glyphs }: Paper): Line {
  if (tabOf(state) === 'domains') return sharedCpus(state, glyphs);
  const { sample } = currentBoard(state);
  const cells = sample?.cells ?? [];
  const cpus = [...new Set([...(sample?.presentCpus ?? []), ...cells.flatMap(({ assignedCpus }) => assignedCpus)])];
  if (cpus.length === 0) return [{ text: LABEL }];
  cpus.sort((a, b) => a - b);
  const room = Math.floor((columns - LABEL.length) / cpus.length) - glyphs.separator.length;
  const width = Math.min(Math.max(room, 1), MAX_COLUMNS);
  const fields = cpus.map((cpu): Span => {
    const owner = cells.find(({ assignedCpus }) => assignedCpus.includes(cpu));
    const hasFailed = owner?.failedCpus.includes(cpu) ?? false;
    const text = `${cpu} ${owner ? owner.name : sample?.status?.enabled ? 'nobody' : 'Linux'}${hasFailed ? ' FAILED' : ''}`;
    const shown = width < 4 ? `${cpu}` : text;
    const style = hasFailed ? 'failed' : owner ? cellStyle(owner.id) : undefined;
    return { text: shown.slice(0, width).padEnd(width), style };
  });
  return [{ text: LABEL }, ...fields.flatMap((field) => [field, styled(glyphs.separator, 'dim')])];
}

const GAUGE_COLUMNS = 20;

/** Xen's domains share the cores: how much of them all is used. */
function sharedCpus(state: State, glyphs: Glyphs): Line {
  const { figures } = currentBoard(state).xen ?? {};
  if (!figures) return [{ text: LABEL }];
  const percent = usedPercent(figures);
  return [
    { text: `${LABEL}[` },
    styled(gauge(percent, 100 * figures.cpuCount, GAUGE_COLUMNS, glyphs), 'figure'),
    { text: `] ${percent.toFixed(0)}% of ${figures.cpuCount} CPUs (100% each)` },
  ];
}

function usedPercent({ domains }: XenFigures): number {
  return domains.reduce((sum, { cpuPercent }) => sum + (cpuPercent ?? 0), 0);
}
