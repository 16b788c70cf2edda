import { helpLines } from '../keys/help';
import { COMMANDS } from './update/commands';
import type { HelpLine } from '../keys/help';

/** The `?` page: all keys, then all commands. */
export function helpPage(isReadOnly: boolean): HelpLine[] {
  const commands = COMMANDS.filter(({ isHand }) => !(isReadOnly && isHand));
  return [
    ...helpLines(isReadOnly),
    { text: '' },
    { text: 'Commands' },
    ...commands.map(({ name, takes, help }) => ({ keys: `:${name} ${takes}`.trimEnd(), text: help })),
  ];
}
