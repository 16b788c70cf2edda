/** What happens at the end of a domain, and to those who wait for it. */
import { describeOnXen } from './rig/board';
import { testStory, until, untilUp } from './rig/story';

const CONFIG = '/root/domu/domu.cfg';
/** The domain of this id is gone, another of the same name is there. */
const untilReplaced = until('now=$(xl domid domu 2>/dev/null) && [ "$now" != "$(cat /tmp/before)" ]');

describeOnXen('a guest that restarts', () =>
  testStory([
    `xl create -q ${CONFIG}`,
    untilUp('domu'),
    'xl domid domu >/tmp/before; rm /var/log/xen/guest-domu.log; killall -HUP xenconsoled; xl reboot domu',
    untilReplaced,
    untilUp('domu'),
    'xl list domu | tail -n 1 | tr -s " " | cut -d " " -f 1,3-4',
    'xl destroy domu',
    'xl destroy domu',
    'xl destroy 0',
    'xl shutdown domu',
    'xl reboot 77',
  ]),
);

describeOnXen('a guest whose xl waits in the foreground', () =>
  testStory([
    `xl create -F ${CONFIG} >/tmp/foreground.out 2>/tmp/foreground.err & echo $! >/tmp/foreground.pid`,
    untilUp('domu'),
    'xl shutdown -w domu',
    until('[ ! -e /proc/$(cat /tmp/foreground.pid) ]'),
    'sed "s/pid [0-9]*/pid/" /tmp/foreground.err',
  ]),
);

describeOnXen('domains that do not run', () =>
  testStory([
    `xl create -p -e ${CONFIG}`,
    `xl create -p -e ${CONFIG}`,
    'xl unpause domu',
    'xl pause domu',
    `xl create -p -e -q ${CONFIG} 'name="second"' memory=64 vcpus=2`,
    'xl rename second domu',
    'xl vcpu-list second | tail -n 1 | tr -s " " | cut -d " " -f 1,3-5,7-',
    'xl destroy second',
    'xl destroy domu',
  ]),
);
