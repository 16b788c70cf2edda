import type { SubCommand } from './xl';

/** What there is, and how it is loaded: nothing of it before it is asked for. */
export const SUB_COMMANDS: Readonly<Record<string, () => Promise<SubCommand>>> = {
  'config-update': async () => (await import('./config-update/config-update')).configUpdate,
  'cpupool-cpu-add': async () => (await import('./cpupools')).cpupoolCpuAdd,
  'cpupool-cpu-remove': async () => (await import('./cpupools')).cpupoolCpuRemove,
  'cpupool-destroy': async () => (await import('./cpupools')).cpupoolDestroy,
  'cpupool-list': async () => (await import('./cpupools')).cpupoolList,
  'cpupool-migrate': async () => (await import('./cpupools')).cpupoolMigrate,
  'cpupool-rename': async () => (await import('./cpupools')).cpupoolRename,
  create: async () => (await import('./create/create')).create,
  'debug-keys': async () => (await import('./debug-keys')).debugKeys,
  dmesg: async () => (await import('./dmesg')).dmesg,
  domid: async () => (await import('./domid')).domid,
  domname: async () => (await import('./domname')).domname,
  info: async () => (await import('./info')).info,
  list: async () => (await import('./list')).list,
  'mem-max': async () => (await import('./memory')).memMax,
  'mem-set': async () => (await import('./memory')).memSet,
  // What `xl create` leaves behind; not in the list of commands.
  'monitor-domain': async () => (await import('./monitor-domain')).monitor,
  pause: async () => (await import('./pause')).pause,
  rename: async () => (await import('./rename')).rename,
  'sched-credit': async () => (await import('./schedulers')).schedCredit,
  'sched-credit2': async () => (await import('./schedulers')).schedCredit2,
  sysrq: async () => (await import('./sysrq')).sysrq,
  trigger: async () => (await import('./trigger')).trigger,
  unpause: async () => (await import('./pause')).unpause,
  uptime: async () => (await import('./uptime')).uptime,
  'vcpu-list': async () => (await import('./vcpu-list')).vcpuList,
  'vcpu-pin': async () => (await import('./vcpu-pin')).vcpuPin,
  'vcpu-set': async () => (await import('./vcpu-set')).vcpuSet,
};
