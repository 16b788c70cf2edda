/** `xl create` beside the C tool: the nodes that both make, domains that cannot be made, and what is left of them. */
import { cXl, describeOnXen, dom0, ourXl, OUR_XL } from './rig/board';

const CONFIG = '/root/domu/domu.cfg';
/** Rounds of create and destroy: more by CELLVISOR_XEN_ROUNDS. */
const ROUNDS = Number(process.env['CELLVISOR_XEN_ROUNDS'] ?? 5);

/** Of the domain `domu`: without numbers that differ between two domains, and without what the guest itself writes. */
function nodesOfDomu(): string[] {
  const domid = cXl('domid domu').out.trim();
  const [first = '', ...others] = dom0('xenstore-ls -fp').out.split('\n');
  return [first, ...others]
    .map((line) => line.replaceAll(new RegExp(`(?<=[/rn"])${domid}(?=[/") =,]|$)`, 'g'), 'N'))
    .map((line) => line.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID'))
    .map((line) => line.replace(/(start_time|tty|feature-\w+|mac) = "[^"]*"/, '$1'))
    .sort();
}

/** What a domain could leave behind in dom0. */
const traces = () => {
  const free = /^free_memory +: (\d+)$/m.exec(cXl('info').out)?.[1];
  const left = dom0(
    'xenstore-ls -f | cut -d= -f1; ls /var/lib/xen; losetup -a; ls /sys/class/net; pgrep -f monitor-domain',
  ).out;
  return { free, left, domains: cXl('list').out.split('\n').length };
};

describeOnXen('xl create beside the C tool', () => {
  afterEach(() => void cXl('destroy domu'));

  test('both make the same nodes', () => {
    expect(cXl(`create -p -e ${CONFIG}`).code).toBe(0);
    const theirs = nodesOfDomu();
    expect(cXl('destroy domu').code).toBe(0);
    expect(ourXl(`create -p -e ${CONFIG}`)).toMatchObject({ code: 0, err: `Parsing config from ${CONFIG}\n` });
    expect(nodesOfDomu()).toEqual(theirs);
  });

  test('the guest starts', () => {
    expect(ourXl(`create -e ${CONFIG}`).code).toBe(0);
    const seen = dom0('timeout 250 sh -c "until grep -aq DOMU-UP /var/log/xen/guest-domu.log; do sleep 0.2; done"');
    expect(seen.code).toBe(0);
  });

  test('-n prints what the C tool prints', () => {
    const plain = (text: string) => text.replace(/"uuid": "[^"]*"/, '');
    expect(plain(ourXl(`create -n ${CONFIG} vcpus=2`).out)).toBe(plain(cXl(`create -n ${CONFIG} vcpus=2`).out));
  });

  test('rounds of create and destroy leave nothing', () => {
    const before = traces();
    for (let round = 0; round < ROUNDS; round++) {
      expect(ourXl(`create -p -e ${CONFIG}`).code).toBe(0);
      expect(cXl('destroy domu').code).toBe(0);
    }
    expect(traces()).toEqual(before);
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

  test('the monitor destroys a domain that powers off', () => {
    expect(ourXl(`create ${CONFIG}`).code).toBe(0);
    dom0('until grep -aq DOMU-UP /var/log/xen/guest-domu.log; do sleep 0.2; done');
    expect(cXl('shutdown -w domu').code).toBe(0);
    dom0('timeout 120 sh -c "while pgrep -f monitor-domain; do sleep 0.2; done"');
    expect(dom0('cat /var/log/xen/xl-domu.log').out).toMatch(/has ended: poweroff\n.*is destroyed\n.*done\n/s);
    expect(cXl('list domu').code).not.toBe(0);
  });
});
