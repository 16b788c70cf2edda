import type { CatalogEntry } from './entry';

/** Commands about devices of domains, in the order of the C tool's list. */
export const devices: readonly CatalogEntry[] = [
  {
    name: 'network-attach',
    usage:
      '<Domain> [type=<type>] [mac=<mac>] [bridge=<bridge>] [ip=<ip>] [script=<script>] [backend=<BackDomain>] [vifname=<name>] [rate=<rate>] [model=<model>] [accel=<accel>] [mtu=<mtu>]',
    summary: 'Create a new virtual network device',
    isModifying: true,
    hasDryRun: true,
  },
  {
    name: 'network-list',
    usage: '<Domain(s)>',
    summary: 'List virtual network interfaces for a domain',
  },
  {
    name: 'network-detach',
    usage: '<Domain> <DevId|mac>',
    summary: "Destroy a domain's virtual network device",
    isModifying: true,
  },
  {
    name: 'channel-list',
    usage: '<Domain(s)>',
    summary: 'List virtual channel devices for a domain',
  },
  {
    name: 'block-attach',
    usage: '<Domain> <disk-spec-component(s)>...',
    summary: 'Create a new virtual block device',
    isModifying: true,
    hasDryRun: true,
  },
  {
    name: 'block-list',
    usage: '<Domain(s)>',
    summary: 'List virtual block devices for a domain',
  },
  {
    name: 'block-detach',
    usage: '[option] <Domain> <DevId>',
    summary: "Destroy a domain's virtual block device",
    options: `-f, --force        do not wait for the domain to release the device
`,
    isModifying: true,
  },
  {
    name: 'vtpm-attach',
    usage: '<Domain> [uuid=<uuid>] [backend=<BackDomain>]',
    summary: 'Create a new virtual TPM device',
    isModifying: true,
    hasDryRun: true,
  },
  {
    name: 'vtpm-list',
    usage: '<Domain(s)>',
    summary: 'List virtual TPM devices for a domain',
  },
  {
    name: 'vtpm-detach',
    usage: '<Domain> <DevId|uuid>',
    summary: "Destroy a domain's virtual TPM device",
    isModifying: true,
  },
  {
    name: 'vkb-attach',
    usage: '<Domain> <vkb-spec-component(s)>...',
    summary: 'Create a new virtual keyboard device',
    isModifying: true,
    hasDryRun: true,
  },
  {
    name: 'vkb-list',
    usage: '<Domain(s)>',
    summary: 'List virtual keyboard devices for a domain',
  },
  {
    name: 'vkb-detach',
    usage: '<Domain> <DevId>',
    summary: "Destroy a domain's virtual keyboard device",
    isModifying: true,
  },
  {
    name: 'vdispl-attach',
    usage: "<Domain> [backend=<BackDomain>] [be-alloc=<BackAlloc>] [connectors='<Connectors>']",
    summary: 'Create a new virtual display device',
    options: `    BackAlloc  - set to 1 to if backend allocates display buffers
    Connectors - list of connector's description in ID:WxH format,
                 where: ID - unique connector ID, W - connector width,
                 H - connector height: connectors='id0:800x600;id1:1024x768'

`,
    isModifying: true,
    hasDryRun: true,
  },
  {
    name: 'vdispl-list',
    usage: '<Domain(s)>',
    summary: 'List virtual display devices for a domain',
  },
  {
    name: 'vdispl-detach',
    usage: '<Domain> <DevId>',
    summary: "Destroy a domain's virtual display device",
    isModifying: true,
  },
  {
    name: 'vsnd-attach',
    usage: '<Domain> <vsnd-spec-component(s)>...',
    summary: 'Create a new virtual sound device',
    isModifying: true,
    hasDryRun: true,
  },
  {
    name: 'vsnd-list',
    usage: '<Domain(s)>',
    summary: 'List virtual display devices for a domain',
  },
  {
    name: 'vsnd-detach',
    usage: '<Domain> <DevId>',
    summary: "Destroy a domain's virtual sound device",
    isModifying: true,
  },
];
