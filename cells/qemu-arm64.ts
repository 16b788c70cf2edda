import { firstSpis, io, ivshmemSections, ivshmemV2, ram, rootCell } from '../src/config/builder';
import { qemuArm64 } from './boards/qemu-arm64';

export const board = 'qemu-arm64';
export const dialect = 'upstream-14';
export const summary = 'root cell of the QEMU virt machine: 16 CPUs, a demo link and a network link';

const demoLink = ivshmemSections({ ...qemuArm64.demoLink, id: 0, rootShared: false });
const networkLink = ivshmemSections({ ...qemuArm64.networkLink, id: 0, rootShared: true });

export const config = rootCell({
  name: 'qemu-arm64',
  cpus: qemuArm64.cpus,
  hypervisorMemory: qemuArm64.hypervisorMemory,
  debugConsole: qemuArm64.uart,
  gic: qemuArm64.gic,
  virtualPci: { configBase: qemuArm64.pciConfigBase, domain: qemuArm64.pciDomain },
  vpciIrqBase: qemuArm64.rootIvshmemIrq,
  irqchips: firstSpis(qemuArm64.gic.distributor, 128),
  memory: [
    ...demoLink,
    ...networkLink,
    io(0x09000000, 0x37000000), // everything between GIC and RAM
    ram(0x40000000, 0x3fa10000), // with the inmates' 64 KiB at its end
    io(0x4010000000, 0x10000000), // config space of QEMU's own PCI host
  ],
  pciDevices: [
    ivshmemV2({
      bdf: '00:00.0',
      domain: qemuArm64.pciDomain,
      protocol: 'undefined',
      stateTable: qemuArm64.demoLink.phys,
      id: 0,
      peers: 3,
    }),
    ivshmemV2({
      bdf: '00:01.0',
      domain: qemuArm64.pciDomain,
      protocol: 'veth',
      stateTable: qemuArm64.networkLink.phys,
      id: 0,
      peers: 2,
    }),
  ],
});
