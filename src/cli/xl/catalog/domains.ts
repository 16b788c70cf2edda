import type { CatalogEntry } from './entry';

/** Commands about domains, in the order of the C tool's list. */
export const domains: readonly CatalogEntry[] = [
  {
    name: 'create',
    usage: '<ConfigFile> [options] [vars]',
    summary: 'Create a domain from config file <filename>',
    options: `-c                      Connect to the console after the domain is created.
-d                      Enable debug messages.
-e                      Do not wait in the background for the death of the domain.
-F                      Run in foreground until death of the domain.
-f FILE, --defconfig=FILE
                     Use the given configuration file.
-h                      Print this help.
-n, --dryrun            Dry run - prints the resulting configuration
                         (deprecated in favour of global -N option).
-p                      Leave the domain paused after it is created.
-q, --quiet             Quiet.
-V, --vncviewer         Connect to the VNC display after the domain is created.
-A, --vncviewer-autopass
                        Pass VNC password to viewer via stdin.
--ignore-global-affinity-masks Ignore global masks in xl.conf.
`,
    isModifying: true,
    hasDryRun: true,
  },
  {
    name: 'config-update',
    usage: '<Domain> <ConfigFile> [options] [vars]',
    summary: `Update a running domain's saved configuration, used when rebuilding the domain after reboot.
WARNING: xl now has better capability to manage domain configuration, avoid using this command when possible`,
    isModifying: true,
    hasDryRun: true,
  },
  {
    name: 'list',
    usage: `[options] [Domain]
`,
    summary: 'List information about all/some domains',
    options: `-l, --long              Output all VM details
-v, --verbose           Prints out UUIDs and security context
-Z, --context           Prints out security context
-c, --cpupool           Prints the cpupool the domain is in
-n, --numa              Prints out NUMA node affinity
`,
  },
  {
    name: 'destroy',
    usage: `[options] <Domain>
`,
    summary: 'Terminate a domain immediately',
    options: `-f                      Permit destroying domain 0, which will only succeed
                        when run from disaggregated toolstack domain with a
                        hardware domain distinct from domain 0.
`,
    isModifying: true,
  },
  {
    name: 'shutdown',
    usage: '[options] <-a|Domain>',
    summary: 'Issue a shutdown signal to a domain',
    options: `-a, --all               Shutdown all guest domains.
-h                      Print this help.
-F                      Fallback to ACPI power event for HVM guests with
                        no PV drivers.
-w, --wait              Wait for guest(s) to shutdown.

`,
    isModifying: true,
  },
  {
    name: 'reboot',
    usage: '[options] <-a|Domain>',
    summary: 'Issue a reboot signal to a domain',
    options: `-a, --all               Shutdown all guest domains.
-h                      Print this help.
-F                      Fallback to ACPI reset event for HVM guests with
                        no PV drivers.
-w, --wait              Wait for guest(s) to reboot.

`,
    isModifying: true,
  },
  {
    name: 'pci-attach',
    usage: '<Domain> <PCI_SPEC_STRING>',
    summary: 'Insert a new pass-through pci device',
    isModifying: true,
  },
  {
    name: 'pci-detach',
    usage: '<Domain> <PCI_SPEC_STRING>',
    summary: "Remove a domain's pass-through pci device",
    isModifying: true,
  },
  {
    name: 'pci-list',
    usage: '<Domain>',
    summary: 'List pass-through pci devices for a domain',
  },
  {
    name: 'pci-assignable-add',
    usage: '[options] <BDF>',
    summary: 'Make a device assignable for pci-passthru',
    options: `-n NAME, --name=NAME    Name the assignable device.
-h                      Print this help.

`,
    isModifying: true,
  },
  {
    name: 'pci-assignable-remove',
    usage: '[options] <BDF>|NAME',
    summary: 'Remove a device from being assignable',
    options: `-h                      Print this help.
-r                      Attempt to re-assign the device to the
                        original driver.
`,
    isModifying: true,
  },
  {
    name: 'pci-assignable-list',
    usage: '[options]',
    summary: 'List all the assignable pci devices',
    options: `-h                      Print this help.
-n, --show-names        Display assignable device names where
                        supplied.

`,
  },
  {
    name: 'pause',
    usage: '<Domain>',
    summary: 'Pause execution of a domain',
    isModifying: true,
  },
  {
    name: 'unpause',
    usage: '<Domain>',
    summary: 'Unpause a paused domain',
    isModifying: true,
  },
  {
    name: 'console',
    usage: `[options] <Domain>
-t <type>       console type, pv , serial or vuart
-n <number>     console number`,
    summary: "Attach to domain's console",
  },
  {
    name: 'vncviewer',
    usage: `[options] <Domain>
--autopass               Pass VNC password to viewer via stdin and
                         -autopass
--vncviewer-autopass     (consistency alias for --autopass)`,
    summary: "Attach to domain's VNC server.",
  },
  {
    name: 'dump-core',
    usage: '<Domain> <filename>',
    summary: 'Core dump a domain',
    isModifying: true,
  },
  {
    name: 'cd-insert',
    usage: '<Domain> <VirtualDevice> <path>',
    summary: "Insert a cdrom into a guest's cd drive",
    isModifying: true,
    hasDryRun: true,
  },
  {
    name: 'cd-eject',
    usage: '<Domain> <VirtualDevice>',
    summary: "Eject a cdrom from a guest's cd drive",
    isModifying: true,
    hasDryRun: true,
  },
  {
    name: 'mem-max',
    usage: "<Domain> <MemMB['b'[bytes]|'k'[KB]|'m'[MB]|'g'[GB]|'t'[TB]]>",
    summary: 'Set the maximum amount reservation for a domain',
    isModifying: true,
  },
  {
    name: 'mem-set',
    usage: "<Domain> <MemMB['b'[bytes]|'k'[KB]|'m'[MB]|'g'[GB]|'t'[TB]]>",
    summary: 'Set the current memory usage for a domain',
    isModifying: true,
  },
  {
    name: 'button-press',
    usage: '<Domain> <Button>',
    summary: 'Indicate an ACPI button press to the domain',
    options: `<Button> may be 'power' or 'sleep'.
`,
    isModifying: true,
  },
  {
    name: 'vcpu-list',
    usage: '[Domain, ...]',
    summary: 'List the VCPUs for all/some domains',
  },
  {
    name: 'vcpu-pin',
    usage: '[option] <Domain> <VCPU|all> <Hard affinity|-|all> <Soft affinity|-|all>',
    summary: 'Set which CPUs a VCPU can use',
    options: `-f, --force        undo an override pinning done by the kernel
--ignore-global-affinity-masks Ignore global masks in xl.conf
`,
    isModifying: true,
    hasDryRun: true,
  },
  {
    name: 'vcpu-set',
    usage: '[option] <Domain> <vCPUs>',
    summary: 'Set the number of active VCPUs allowed for the domain',
    options: `-i, --ignore-host  Don't limit the vCPU based on the host CPU count
`,
    isModifying: true,
  },
  {
    name: 'vm-list',
    summary: 'List guest domains, excluding dom0, stubdoms, etc.',
  },
];
