import { cell, irqchip, ivshmemSections, ivshmemV2, spi } from '../src/config/builder';
import { qemuArm64 } from './boards/qemu-arm64';

export const board = 'qemu-arm64';
export const dialect = 'upstream-14';
export const summary = 'QEMU virt machine: a cell for any bare-metal demo, with an end of the demo link';

export const config = cell({
  name: 'inmate-demo',
  cpus: [1],
  console: qemuArm64.uart,
  vpciIrqBase: qemuArm64.inmateIvshmemIrq,
  irqchips: [irqchip(qemuArm64.gic.distributor, spi(0), [qemuArm64.inmateIvshmemIrq])],
  memory: [
    ...ivshmemSections({ ...qemuArm64.demoLink, id: 1, rootShared: true }),
    qemuArm64.uartWindow,
    qemuArm64.demoRam,
    qemuArm64.commRegion,
  ],
  pciDevices: [
    ivshmemV2({
      bdf: '00:00.0',
      domain: qemuArm64.pciDomain,
      protocol: 'undefined',
      stateTable: qemuArm64.demoLink.phys,
      id: 1,
      peers: qemuArm64.demoLink.peers,
    }),
  ],
});
