/** A guest with a disk and an interface that runs: everything that can be done to it, by ours and by the C tool. */
import { cXl, describeOnXen, dom0 } from './rig/board';
import { OUR_XL } from './rig/places';
import { testStory, until, untilUp } from './rig/story';

const COMMANDS = [
  'xl create /root/domu/domu-net.cfg',
  untilUp('domunet'),
  'xl list domunet | tail -n 1 | tr -s " " | cut -d " " -f 1,3-4',
  'xl block-list domunet | tr -s " " | cut -d " " -f 1,2,4-',
  'xl network-list domunet | tr -s " " | cut -d " " -f 1-4,6-',
  'truncate -s 4M /root/second.img; xl block-attach domunet /root/second.img,raw,xvdb,rw',
  until('xenstore-read /local/domain/0/backend/vbd/$(xl domid domunet)/51728/state | grep -q 4'),
  'xl block-attach domunet /root/second.img,raw,xvdb,rw',
  'xl block-attach domunet /root/nope.img,raw,xvdc,rw',
  'xl block-attach domunet what',
  'xl block-detach domunet xvdb',
  'xl block-detach domunet xvdz',
  'xl network-attach domunet bridge=xenbr0 mac=00:16:3e:00:00:03',
  until('xenstore-read /local/domain/0/backend/vif/$(xl domid domunet)/1/state | grep -q 4'),
  'xl network-attach domunet mac=what',
  'xl network-detach domunet 1',
  'xl network-detach domunet 9',
  'xl pause domunet',
  'xl unpause domunet',
  'xl rename domunet other',
  'xl rename other Domain-0',
  'xl rename other domunet',
  'xl vcpu-pin domunet 0 1',
  'xl vcpu-list domunet | tail -n 1 | tr -s " " | cut -d " " -f 1,7-',
  'xl vcpu-set domunet 1',
  'xl vcpu-set domunet 2',
  'xl sysrq domunet hh',
  'xl sysrq domunet h',
  'xl trigger domunet power',
  'xl config-update domunet /root/domu/domu-net.cfg',
  'xl shutdown -w domunet',
  until('! xl list domunet >/dev/null 2>&1'),
];

describeOnXen('a guest that runs', () => testStory(COMMANDS));

describeOnXen('xl top', () => {
  afterAll(() => void cXl('destroy domunet'));

  test('prints what xentop does: of a domain that does not run, and of its devices', () => {
    expect(cXl('create -q -p /root/domu/domu-net.cfg').code).toBe(0);
    const [ours = '', c = ''] = [`${OUR_XL} top`, '/usr/lib/xen-4.17/bin/xentop'].map(
      (program) => dom0(`TERM=xterm ${program} -b -i 1 -n -x -v -f`).out,
    );
    const ofGuest = (table: string) => table.slice(table.indexOf(' domunet '));
    expect(ofGuest(ours)).toBe(ofGuest(c));
    expect(ofGuest(c)).toMatch(/^VBD BlkBack/m);
  });
});
