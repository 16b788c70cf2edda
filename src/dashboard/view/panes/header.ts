import { currentBoard, tabOf } from '../../model/selectors';
import { durationInWords, gauge } from '../figures';
import { styled } from '../line';
import { linkInWords, staleSeconds } from '../freshness';
import type { BoardState, Connection } from '../../model/board';
import type { State } from '../../model/state';
import type { PagePool } from '../../../jailhouse/status';
import type { Line, Span } from '../line';
import type { Paper } from '../paper';

const GAUGE_COLUMNS = 10;

/** Who answers, what runs there, and how full its pools are. Two lines. */
export function headerLines(state: State, paper: Paper): Line[] {
  const board = currentBoard(state);
  const { status, uptimeSeconds } = board.sample ?? {};
  const first: Span[] = [
    ...nameOf(board),
    { text: '  ' },
    ...(tabOf(state) === 'domains' ? xenOf(board) : jailhouseOf(board)),
    { text: uptimeSeconds === undefined ? '' : `  up ${durationInWords(uptimeSeconds)}` },
    { text: '  ' },
    ...connectionOf(board.connection, state),
    ...(state.isReadOnly ? [styled('  read-only', 'dim')] : []),
  ];
  const second: Span[] = [{ text: ' ' }];
  const { connection, link } = board;
  if (connection.state !== 'live' && connection.problem) {
    const { text, hint } = connection.problem;
    const attempt = linkInWords(link, state.nowMs);
    second.push(styled(`${text}${attempt}`, 'problem'), styled(hint === undefined ? '' : `: ${hint}`, 'hint'));
  } else if (tabOf(state) === 'domains') {
    second.push(...xenMemory(board, paper));
  } else if (status?.enabled) {
    second.push(
      ...poolOf('memory', status.memPool, paper),
      { text: '   ' },
      ...poolOf('remap', status.remapPool, paper),
    );
  }
  if (board.busy.length > 0) second.push(styled(`   ${board.busy.join(', ')}...`, 'hint'));
  return [first, second];
}

function nameOf({ backend, name }: BoardState): Span[] {
  if (backend === 'emulated') return [styled(' EMULATED ', 'emulated'), { text: ` ${name}` }];
  return [backend === undefined ? styled(' host ', 'dim') : styled(' board ', 'hardware'), { text: name }];
}

function jailhouseOf({ sample }: BoardState): Span[] {
  const status = sample?.status;
  if (!status) return [{ text: 'Jailhouse ?' }];
  if (!status.present) return [styled('no Jailhouse driver', 'failed')];
  return [
    { text: `Jailhouse ${status.version ?? ''} `.replace('  ', ' ') },
    status.enabled ? styled('enabled', 'running') : styled('disabled', 'down'),
  ];
}

/** How fresh the rest of the screen is. */
function connectionOf(connection: Connection, { nowMs, intervalMs, isPaused }: State): Span[] {
  switch (connection.state) {
    case 'connecting':
      return [styled(connection.problem ? 'no answer yet' : 'connecting...', 'hint')];
    case 'stale':
      return [styled(` STALE for ${staleSeconds(connection, nowMs)} s `, 'key')];
    case 'live':
      return [isPaused ? styled(' PAUSED ', 'key') : styled(`every ${intervalMs / 1000} s`, 'dim')];
  }
}

function xenOf({ xen }: BoardState): Span[] {
  return [{ text: `Xen ${xen?.figures?.version ?? '?'}` }];
}

const KIB_PER_MIB = 1024;

/** What of the machine's memory is in use, or why that is not known. */
function xenMemory({ xen }: BoardState, { glyphs }: Paper): Span[] {
  if (xen?.problem) {
    const { text, hint } = xen.problem;
    return [styled(text, 'problem'), styled(hint === undefined ? '' : `: ${hint}`, 'hint')];
  }
  if (!xen?.figures) return [];
  const [used, all] = [xen.figures.memoryKib - xen.figures.freeKib, xen.figures.memoryKib];
  return [
    { text: 'memory [' },
    styled(gauge(used, all, GAUGE_COLUMNS, glyphs), 'figure'),
    { text: `] ${Math.round(used / KIB_PER_MIB)}/${Math.round(all / KIB_PER_MIB)} MiB` },
  ];
}

function poolOf(name: string, { usedPages, sizePages }: PagePool, { glyphs }: Paper): Span[] {
  const percent = sizePages > 0 ? (100 * usedPages) / sizePages : 0;
  return [
    { text: `${name} [` },
    styled(gauge(usedPages, sizePages, GAUGE_COLUMNS, glyphs), percent >= 90 ? 'failed' : 'figure'),
    { text: `] ${usedPages}/${sizePages} pages` },
  ];
}
