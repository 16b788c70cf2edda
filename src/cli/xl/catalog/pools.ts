import type { CatalogEntry } from './entry';

/** Commands about CPU pools, security and USB, in the order of the C tool's list. */
export const pools: readonly CatalogEntry[] = [
  {
    name: 'uptime',
    usage: '[-s] [Domain]',
    summary: 'Print uptime for all/some domains',
  },
  {
    name: 'claims',
    summary: 'List outstanding claim information about all domains',
    options: `
`,
  },
  {
    name: 'cpupool-create',
    usage: '[options] [<ConfigFile>] [Variable=value ...]',
    summary: 'Create a new CPU pool',
    options: `-h, --help                   Print this help.
-f FILE, --defconfig=FILE    Use the given configuration file.
-n, --dryrun                 Dry run - prints the resulting configuration.
                              (deprecated in favour of global -N option).

See the xlcpupool.cfg(5) manpage for more information.
`,
    isModifying: true,
    hasDryRun: true,
  },
  {
    name: 'cpupool-list',
    usage: '[-c|--cpus] [<CPU Pool>]',
    summary: 'List CPU pools on host',
    options: `-c, --cpus                     Output list of CPUs used by a pool
`,
  },
  {
    name: 'cpupool-destroy',
    usage: '<CPU Pool>',
    summary: 'Deactivates a CPU pool',
    isModifying: true,
  },
  {
    name: 'cpupool-rename',
    usage: '<CPU Pool> <new name>',
    summary: 'Renames a CPU pool',
    isModifying: true,
  },
  {
    name: 'cpupool-cpu-add',
    usage: '<CPU Pool> <CPU nr>|node:<node nr>',
    summary: 'Adds a CPU to a CPU pool',
    isModifying: true,
  },
  {
    name: 'cpupool-cpu-remove',
    usage: '<CPU Pool> <CPU nr>|node:<node nr>',
    summary: 'Removes a CPU from a CPU pool',
    isModifying: true,
  },
  {
    name: 'cpupool-migrate',
    usage: '<Domain> <CPU Pool>',
    summary: 'Moves a domain into a CPU pool',
    isModifying: true,
  },
  {
    name: 'cpupool-numa-split',
    summary: 'Splits up the machine into one CPU pool per NUMA node',
    isModifying: true,
  },
  {
    name: 'getenforce',
    summary: 'Returns the current enforcing mode of the Flask Xen security module',
  },
  {
    name: 'setenforce',
    usage: '<1|0|Enforcing|Permissive>',
    summary: 'Sets the current enforcing mode of the Flask Xen security module',
    isModifying: true,
  },
  {
    name: 'loadpolicy',
    usage: '<policy file>',
    summary: 'Loads a new policy into the Flask Xen security module',
    isModifying: true,
  },
  {
    name: 'devd',
    usage: '[options]',
    summary: 'Daemon that listens for devices and launches backends',
    options: `-F                      Run in the foreground.
-p, --pidfile [FILE]    Write PID to pidfile when daemonizing.
`,
    isModifying: true,
  },
  {
    name: 'usbctrl-attach',
    usage: '<Domain> [type=pv] [version=<version>] [ports=<number>]',
    summary: 'Create a virtual USB controller for a domain',
    isModifying: true,
  },
  {
    name: 'usbctrl-detach',
    usage: '<Domain> <DevId>',
    summary: 'Remove the virtual USB controller specified by <DevId> for a domain',
    isModifying: true,
  },
  {
    name: 'usbdev-attach',
    usage: '<Domain> hostbus=<busnum> hostaddr=<devnum> [controller=<DevId> [port=<port>]]',
    summary: 'Attach a USB device to a domain',
    isModifying: true,
  },
  {
    name: 'usbdev-detach',
    usage: '<Domain> <controller> <port>',
    summary: 'Detach a USB device from a domain',
    isModifying: true,
  },
  {
    name: 'usb-list',
    usage: '<Domain>',
    summary: 'List information about all USB controllers and devices for a domain',
  },
  {
    name: 'qemu-monitor-command',
    usage: '<Domain> <Command>',
    summary: 'Issue a qemu monitor command to the device model of a domain',
    isModifying: true,
  },
];
