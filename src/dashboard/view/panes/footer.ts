import { shownKeys } from '../../keys/help';
import { placeOf } from '../../model/selectors';
import { styled } from '../line';
import type { State } from '../../model/state';
import type { Line } from '../line';

/** The keys that are good here, as many as fit whole. */
export function footerLine(state: State): Line {
  let left = state.columns;
  return shownKeys(placeOf(state), state.isReadOnly).flatMap(({ key, label }) => {
    const [shown, does] = [` ${key} `, `${label} `];
    left -= shown.length + does.trimEnd().length;
    if (left < 0) return [];
    left--;
    return [styled(shown, 'key'), { text: does }];
  });
}

/** What was done, or went wrong, with what to do about it. */
export function messageLines({ message }: State): Line[] {
  if (!message) return [];
  const first = [styled(` ${message.text}`, message.isProblem ? 'problem' : 'strong')];
  return message.hint === undefined ? [first] : [first, [styled(` hint: ${message.hint}`, 'hint')]];
}
