/** The sub-commands that only read, and the mistakes, beside the C tool: outputs, streams and exit codes. */
import { bothXl, cXl, describeOnXen, dom0, ourXl } from './rig/board';

/** What the C library says with -vvv of its own buffers. */
const LIBRARY_ACCOUNTS = /^xencall:buffer: debug: .*\n/gm;

/** Times and states change between two calls. */
const steady = (text: string) =>
  text
    .replace(/ [r-][b-][p-][s-][c-][d-] /g, ' STATE- ')
    .replace(/ +\d+\.\d(?=\s)/g, ' TIME')
    .replace(/ +\d+ +[r-][b-]-/g, ' CPU ST')
    .replace(/ \d+:\d\d(:\d\d)?/g, ' UPTIME')
    .replace(/(free_memory +: )\d+/, '$1N')
    .replace(/^( +\d+: +\d+ +)\d+( +\d+)$/gm, '$1N$2');

const LINES = [
  'list',
  'list domu',
  'list -v',
  'list -Z',
  'list -c -n',
  'list -l',
  'list -l domu',
  'list nosuch',
  'list 99',
  'list domu 0',
  'info',
  'dmesg',
  'uptime',
  'domid domu',
  'domid nosuch',
  'domname 0',
  'domname 77',
  'domname x',
  'vcpu-list',
  'vcpu-list domu 0',
  'vcpu-list nosuch',
  'sched-credit2',
  'sched-credit2 -s',
  'sched-credit2 -d domu',
  'sched-credit2 -d nosuch',
  'sched-credit2 -w 5',
  'sched-credit2 -p nope',
  'sched-credit',
  'sched-credit -d domu',
  'cpupool-list',
  'cpupool-list -c',
  'cpupool-list nope',
  'cpupool-destroy nope',
  'cpupool-migrate nosuch Pool-node0',
  'vcpu-pin nosuch 0 0',
  'vcpu-pin domu x 0',
  'vcpu-pin domu 0 9',
  'vcpu-set nosuch 1',
  'vcpu-set domu x',
  'pause nosuch',
  'trigger domu foo',
  'sysrq domu hh',
  'mem-set nosuch 64',
  'mem-max domu zz',
  'rename nosuch a',
  'nosuchcommand',
  'help',
  'list --help',
  'vcpu-pin',
  'list -Q',
  '-vvv list 0',
];

describeOnXen('xl beside the C tool', () => {
  let both: ReturnType<typeof bothXl>;
  beforeAll(() => {
    expect(cXl('create /root/domu/domu.cfg').code).toBe(0);
    dom0('until xl list domu >/dev/null 2>&1; do :; done');
    both = bothXl(LINES);
  });
  afterAll(() => void cXl('destroy domu'));

  test.each(LINES)('xl %s', (args) => {
    const { ours, c } = both.get(args) as NonNullable<ReturnType<typeof both.get>>;
    expect({ code: ours.code, out: steady(ours.out), err: ours.err }).toEqual({
      code: c.code,
      out: steady(c.out),
      err: c.err.replace(LIBRARY_ACCOUNTS, ''),
    });
  });

  test('pins and weights that ours sets are what the C tool shows', () => {
    expect(ourXl('vcpu-pin domu 0 1 0').code).toBe(0);
    expect(cXl('vcpu-list domu').out).toMatch(/ 1 \/ 0$/m);
    expect(ourXl('vcpu-pin domu all all all').code).toBe(0);
    expect(ourXl('sched-credit2 -d domu -w 300 -c 40').code).toBe(0);
    expect(cXl('sched-credit2 -d domu').out).toMatch(/^domu +\d+ +300 +40$/m);
  });

  test('pauses are counted, also between the two tools', () => {
    expect(ourXl('pause domu').code).toBe(0);
    expect(cXl('pause domu').code).toBe(0);
    expect(ourXl('unpause domu').code).toBe(0);
    expect(cXl('list domu').out).toMatch(/ --p--- /);
    expect(ourXl('unpause domu').code).toBe(0);
    expect(cXl('list domu').out).not.toMatch(/ --p--- /);
  });

  test('memory limits, where the C tool aborts', () => {
    expect(ourXl('mem-set domu 96').code).toBe(0);
    expect(dom0('xenstore-read /local/domain/$(xl domid domu)/memory/target').out).toBe('98304\n');
    const over = ourXl('mem-set domu 1024');
    expect([over.code, over.err]).toEqual([1, expect.stringContaining('xl mem-max first')]);
  });

  test('dmesg -c empties the ring', () => {
    expect(ourXl('dmesg -c').out).toMatch(/^\(XEN\)/m);
    expect(ourXl('dmesg').out).toBe('');
  });
});
