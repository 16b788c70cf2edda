/** The same commands in dom0 with one xl and with the other: what each says, and what xenstore has then. */
import { dom0 } from './board';
import { C_XL, OUR_XL } from './places';
import type { Outcome } from './board';

export interface Step extends Outcome {
  readonly command: string;
  /** All nodes, with their permissions, sorted; none after a command that changes nothing, or that lets the guest change them. */
  readonly nodes: readonly string[];
}

/** Waits until a guest's log says that it is up, or for another condition. A story whose wait is in vain has no end. */
export const untilUp = (name: string) => until(`grep -aq DOMU-UP /var/log/xen/guest-${name}.log`);
export const until = (condition: string) =>
  `end=$((SECONDS + ${WAIT_S})); until ${condition}; do [ $SECONDS -lt $end ] || exit 1; sleep 0.1; done 2>/dev/null`;
/** For what hangs: a guest boots in seconds. */
const WAIT_S = 120;
/** Commands after which nothing is compared but what they say. */
const LOOKS = /^(xl \S*list|end=)|xl (shutdown|reboot) /;

/**
 * @param commands of the shell, one after the other; `xl` in them is the tool. Each starts where the one before has ended
 */
export function story(tool: 'ours' | 'c', commands: readonly string[]): Step[] {
  const steps = commands.map(
    (command, at) => `xl_step() {\n${command}\n}
      xl_step >${at}.out 2>${at}.err </dev/null; echo $? >${at}.code
      xenstore-ls -fp >${at}.nodes`,
  );
  const script = [
    'rm -rf /tmp/story /var/log/xen/guest-*; mkdir /tmp/story; cd /tmp/story',
    `xl() { ${tool === 'ours' ? OUR_XL : C_XL} "$@"; }`,
    ...steps,
    'for file in *; do echo "$file $(base64 -w 0 $file)"; done',
  ].join('\n');
  const answer = dom0(script);
  const files = new Map(answer.out.split('\n').map((line) => line.split(' ', 2) as [string, string]));
  const read = (name: string) => Buffer.from(files.get(name) ?? '', 'base64').toString();
  const plain = withoutIds(commands.map((_, at) => read(`${at}.nodes`)).join(''));
  return commands.map((command, at) => {
    if (!files.has(`${at}.code`)) throw new Error(`dom0 did not come to '${command}': ${answer.err}`);
    return {
      command,
      code: Number(read(`${at}.code`)),
      out: plain(read(`${at}.out`)),
      err: plain(read(`${at}.err`)),
      nodes: LOOKS.test(command)
        ? []
        : plain(read(`${at}.nodes`))
            .split('\n')
            .map(steady)
            .sort(),
    };
  });
}

/** Declares a test of each command: ours says and leaves what the C tool does. */
export function testStory(commands: readonly string[]): void {
  let [c, ours]: Step[][] = [[], []];
  beforeAll(() => void ([c, ours] = [story('c', commands), story('ours', commands)]));
  test.each(commands.map((command, at) => ({ command, at })))('$command', ({ at }) => {
    const [theirs, own] = [c?.[at] as Step, ours?.[at] as Step];
    // What the C library says of itself, ours says in one line and a hint.
    const said = theirs.err.replaceAll(/^libxl: .*\n/gm, '');
    const lines = own.err.replaceAll(/^hint: .*\n/gm, '').split(/(?<=\n)/);
    if (said !== theirs.err && lines.join('') !== said) lines.splice(firstDifference(lines.join(''), said), 1);
    expect({ ...own, err: lines.join('') }).toEqual({ ...theirs, err: said });
  });
}

/** The first line that two texts do not share. */
function firstDifference(one: string, other: string): number {
  const others = other.split(/(?<=\n)/);
  return one.split(/(?<=\n)/).findIndex((line, at) => line !== others[at]);
}

/** Ids of domains, in the places where they stand, are their order in the story: the first guest is domain G1. */
function withoutIds(nodes: string): (text: string) => string {
  const ids = [...nodes.matchAll(/^\/local\/domain\/(\d+) /gm)]
    .map(([, id]) => id as string)
    .filter((id) => id !== '0');
  return (text) =>
    ids.reduce(
      (changed, id, at) =>
        changed
          .replaceAll(new RegExp(`(?<=/(local/domain|libxl|backend/\\w+)/)${id}(?=[/ "]|$)`, 'gm'), `G${at + 1}`)
          .replaceAll(new RegExp(`(?<=[(,][nrwb])${id}(?=[,)])`, 'g'), `G${at + 1}`)
          .replaceAll(new RegExp(`(?<=(frontend-id|domid) = ")${id}(?=")`, 'g'), `G${at + 1}`)
          .replaceAll(new RegExp(`(?<=[Dd]omain |dom|domid[ =])${id}\\b`, 'g'), `G${at + 1}`),
      text,
    );
}

/** Without what differs between two guests, or is the guest's own. */
function steady(node: string): string {
  return node
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replace(/(start_time|tty|mac|event-channel\S*|\S*ring-ref|feature-\S+|multi-queue-\S+) = "[^"]*"/, '$1');
}
