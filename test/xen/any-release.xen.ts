/**
 * What must work on each release of Xen: run it with `XEN_BOARD` naming a board of another one, which rig/board-of-release.mjs makes. The other
 * tests compare with the C tool of 4.17.
 */
import { spawn } from 'node:child_process';
import { describeOnXen, dom0, DOM0_PROGRAM, ourXl } from './rig/board';
import { OUR_XL } from './rig/places';

const CONFIG = '/root/domu/domu.cfg';
/** Debian's wrapper of the C tool chooses the one of the Xen that runs. */
const cXl = (args: string) => dom0(`/usr/sbin/xl ${args}`);
const field = (name: string, info: string) => new RegExp(`^${name} +: (.*)$`, 'm').exec(info)?.[1];

/** Runs a command on a terminal of dom0, and types each text as soon as what it waits for has been printed. */
async function converse(command: string, turns: readonly (readonly [awaited: string, typed: string])[]) {
  const child = spawn(DOM0_PROGRAM, ['-t', '--', command]);
  let [out, from, turn] = ['', 0, 0];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('latin1');
    for (;;) {
      const [awaited, typed] = turns[turn] ?? [];
      const at = awaited === undefined ? -1 : out.indexOf(awaited, from);
      if (awaited === undefined || at < 0) return;
      child.stdin.write(typed);
      from = at + awaited.length;
      turn += 1;
    }
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, out };
}

describeOnXen('any release of Xen', () => {
  let release = '';
  beforeAll(() => {
    const info = ourXl('info');
    expect([info.code, info.err]).toEqual([0, '']);
    release = `${field('xen_major', info.out)}.${field('xen_minor', info.out)}`;
    console.log(`this is Xen ${field('xen_version', info.out)}`);
  });
  afterEach(() => void ourXl('destroy domu'));

  test('info says what the C tool says', () => {
    const [ours, c] = [ourXl('info').out, cXl('info').out];
    for (const name of ['xen_version', 'virt_caps', 'total_memory', 'nr_cpus', 'xen_scheduler', 'build_id']) {
      expect([name, field(name, ours)]).toEqual([name, field(name, c)]);
    }
  });

  test('a target of another release is refused, by both', () => {
    const other = release === '4.17' ? '4.16' : '4.17';
    const { code, out, err } = ourXl(`--target ${other} list`);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(new RegExp(`^target ${other.replace('.', '\\.')} is asked for, Xen ${release} runs$`, 'm'));
  });

  test('a guest is created, typed to, listed as the C tool lists it, and destroyed', async () => {
    const free = () => Number(field('free_memory', ourXl('info').out));
    // The first domain of a boot leaves a few pages in Xen's own heap.
    expect(ourXl(`create -q -p -e ${CONFIG}`).code).toBe(0);
    expect(ourXl('destroy domu').code).toBe(0);
    const before = free();
    const { code, out } = await converse(`${OUR_XL} create -c ${CONFIG}`, [
      ['DOMU-UP', 'echo 6x7=$((6*7))\r'],
      ['6x7=42', '\x1d'],
    ]);
    expect([code, out]).toEqual([0, expect.stringContaining('DOMU-UP')]);
    const lines = ['list domu | tail -n 1 | tr -s " " | cut -d " " -f 1-4', 'vcpu-list domu | cut -c 1-42'];
    for (const args of lines) expect([args, ourXl(args).out]).toEqual([args, cXl(args).out]);
    expect(ourXl('pause domu').code).toBe(0);
    expect(cXl('list domu').out).toMatch(/ -[b-]p--- /);
    expect(ourXl('destroy domu').code).toBe(0);
    expect(cXl('list domu').code).not.toBe(0);
    expect(free()).toBeGreaterThanOrEqual(before - 1);
  });

  test('a guest with a disk and an interface shuts down when it is asked to', () => {
    expect(ourXl('create -q /root/domu/domu-net.cfg').code).toBe(0);
    dom0('until grep -aq DOMU-UP /var/log/xen/guest-domunet.log; do sleep 0.2; done');
    expect(ourXl('shutdown -w domunet').code).toBe(0);
    dom0('while xl list domunet >/dev/null 2>&1; do sleep 0.2; done');
    expect(cXl('list').out.trimEnd().split('\n')).toHaveLength(2);
  });
});
