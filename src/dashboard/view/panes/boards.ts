import { formatCpuList } from '../../../abi/jailhouse/bitmap';
import { exitsPerSecond } from '../../model/selectors';
import { firstShown } from '../../model/scroll';
import { rateInWords } from '../figures';
import { linkInWords, staleSeconds } from '../freshness';
import { left, over, right, styled } from '../line';
import { titleLine } from '../paper';
import type { BoardState } from '../../model/board';
import type { State } from '../../model/state';
import type { Line, Span } from '../line';
import type { Paper } from '../paper';

/** All boards, a line each; what is below is about the one at the cursor. */
export function boardLines(state: State, paper: Paper): Line[] {
  const isFocused = state.pane === 'boards';
  const rows = Math.max(paper.rows - 2, 0);
  const top = firstShown(state.current, state.boards.length, rows);
  const shown = state.boards.slice(top, top + rows);
  return [
    titleLine('Boards', `${state.boards.length}`, isFocused, paper),
    [
      styled(
        `  ${left('BOARD', 20)} ${left('JAILHOUSE', 16)} ${right('CELLS', 5)} ${right('EXITS/S', 8)}  STATE`,
        'head',
      ),
    ],
    ...shown.map((board, index) => {
      const isCurrent = top + index === state.current;
      const line = lineOf(board, isCurrent ? paper.glyphs.cursor : ' ', state.nowMs);
      return isCurrent && isFocused ? over(line, 'cursor') : line;
    }),
  ];
}

function lineOf(board: BoardState, cursor: string, nowMs: number): Line {
  const { sample, backend, name } = board;
  const status = sample?.status;
  const jailhouse = !status ? '?' : !status.present ? 'no driver' : status.enabled ? 'enabled' : 'disabled';
  const exits = sample?.cells.reduce((sum, cell) => sum + exitsPerSecond(cell), 0);
  const failed = sample?.cells.flatMap(({ failedCpus }) => failedCpus) ?? [];
  return [
    { text: `${cursor} ` },
    { text: left(name, 20), style: backend === 'emulated' ? 'hint' : undefined },
    { text: ` ${left(`${status?.version ?? ''} ${jailhouse}`.trim(), 16)}` },
    { text: ` ${right(`${sample?.cells.length ?? '-'}`, 5)} ${right(rateInWords(exits), 8)}  ` },
    ...stateOf(board, nowMs),
    ...(failed.length > 0 ? [styled(`  failed CPUs ${formatCpuList(failed)}`, 'failed')] : []),
    { text: backend === 'emulated' ? '  (emulated)' : '' },
  ];
}

function stateOf({ name, connection, link }: BoardState, nowMs: number): Span[] {
  // The line begins with the name; errors of links do, too.
  const why = (connection.state !== 'live' && connection.problem?.text.replace(`${name}: `, '')) || 'connecting...';
  const attempt = linkInWords(link, nowMs);
  switch (connection.state) {
    case 'live':
      return [styled('live', 'running')];
    case 'connecting':
      return [styled(why + attempt, 'hint')];
    case 'stale':
      return [styled(` STALE ${staleSeconds(connection, nowMs)} s `, 'key'), styled(` ${why}${attempt}`, 'problem')];
  }
}
