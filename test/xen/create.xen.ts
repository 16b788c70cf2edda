/** `xl create` beside the C tool: the nodes that both make, domains that cannot be made, and what is left of them. */
import { cXl, describeOnXen, dom0, ourXl } from './rig/board';
import { HOME, NODE, OUR_XL } from './rig/places';

const CONFIG = '/root/domu/domu.cfg';
/** With a disk and an interface. */
const NET_CONFIG = '/root/domu/domu-net.cfg';
/** Rounds of create and destroy in one process: more by CELLVISOR_XEN_ROUNDS. */
const ROUNDS = Number(process.env['CELLVISOR_XEN_ROUNDS'] ?? 3);

/** What programs/rounds.ts prints. */
interface Rounds {
  readonly before: unknown;
  readonly after: unknown;
  readonly taken: readonly number[];
  readonly memory: readonly { readonly heap: number; readonly buffers: number }[];
}

/** What a domain could leave behind in dom0. */
const traces = () => {
  const free = /^free_memory +: (\d+)$/m.exec(cXl('info').out)?.[1];
  const left = dom0(
    'xenstore-ls -f | cut -d= -f1; ls /var/lib/xen; losetup -a; ls /sys/class/net; pgrep -f monitor-domain',
  ).out;
  return { free, left, domains: cXl('list').out.split('\n').length };
};

/** How many of each all domains have, as Xen prints them for its debug keys. */
const channelsAndGrants = () =>
  dom0(`xl dmesg -c >/dev/null; xl debug-keys e; xl debug-keys g; xl dmesg >/tmp/keys
    grep -c ' s=[1-9] n=' /tmp/keys; grep -c 'pin *0x\\|^(XEN) *\\[0x' /tmp/keys`).out;

describeOnXen('xl create beside the C tool', () => {
  beforeAll(() => {
    // The first domain of a boot makes folders of xenstore that stay.
    expect(cXl(`create -q -p -e ${CONFIG}`).code).toBe(0);
    cXl('destroy domu');
  });
  afterEach(() => void cXl('destroy domu'));

  test('-n prints what the C tool prints', () => {
    const plain = (text: string) => text.replace(/"uuid": "[^"]*"/, '');
    expect(plain(ourXl(`create -n ${CONFIG} vcpus=2`).out)).toBe(plain(cXl(`create -n ${CONFIG} vcpus=2`).out));
  });

  test('rounds of create and destroy in one process leave nothing', () => {
    const before = [traces(), channelsAndGrants()];
    const { code, out, err } = dom0(`${NODE} --expose-gc ${HOME}/dist/rig/rounds.js ${NET_CONFIG} ${ROUNDS}`);
    expect([code, err]).toEqual([0, '']);
    const rounds = JSON.parse(out) as Rounds;
    expect(rounds.after).toEqual(rounds.before);
    // What a round leaves, each leaves: then none takes nothing. Xen's own heap takes a few pages now and then, for the C tool, too.
    expect(rounds.taken).toContain(0);
    const [first, last] = [rounds.memory[0], rounds.memory.at(-1)] as const;
    console.log(`memory after rounds, MiB: ${JSON.stringify(rounds.memory)}`);
    expect((last?.heap ?? 0) - (first?.heap ?? 0)).toBeLessThan(2);
    expect((last?.buffers ?? 0) - (first?.buffers ?? 0)).toBeLessThan(2);
    expect([traces(), channelsAndGrants()]).toEqual(before);
  });

  test.each([
    ['a kernel that is none', 'kernel="/root/domu/domu.cfg"', /^kernel: \/root\/domu\/domu.cfg: not a kernel/m],
    ['a device tree that is none', 'device_tree="/root/domu/domu.cfg"', /^device_tree: .*at byte 0/m],
    ['memory that is not there', 'memory=8192', /^memory: the domain needs/m],
    ['a disk that is missing', 'disk=["/nope,raw,xvda,rw"]', /target \/nope: No such file/m],
    ['a bridge that is missing', 'vif=["bridge=nobr"]', /nobr/m],
  ])('%s: it is named, and nothing stays', (_, setting, message) => {
    const before = traces();
    const { code, err } = ourXl(`create ${CONFIG} '${setting}'`);
    expect([code, err]).toEqual([3, expect.stringMatching(message)]);
    expect(traces()).toEqual(before);
  });

  test('of two at once, one is made and one says so', () => {
    const create = `${OUR_XL} create -p -e ${CONFIG} 2>&1; echo code=$?`;
    const both = dom0(`(${create}) & (${create}); wait`).out;
    expect(both.match(/code=\d/g)?.sort()).toEqual(['code=0', 'code=3']);
    expect(both).toContain('Domain with name "domu" already exists.');
  });

  test('killed while it creates: what is left is listed, and destroy clears it', () => {
    const before = traces();
    const killed = dom0(
      `${OUR_XL} create -e ${CONFIG} & until xl domid domu >/dev/null 2>&1; do :; done; kill -9 $!; xl domid domu`,
    );
    expect(killed.out).toMatch(/^\d+$/m);
    expect(cXl('destroy domu').code).toBe(0);
    expect(traces()).toEqual(before);
  });
});
