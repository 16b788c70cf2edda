import { cell, inmateRam, irqchip, ivshmemSections, ivshmemV2, KiB, linuxRam, spi } from '../src/config/builder';
import { qemuArm64 } from './boards/qemu-arm64';

export const board = 'qemu-arm64';
export const dialect = 'upstream-14';
export const summary =
  'QEMU virt machine: a second Linux, with the UART, an end of the network link and one of the demo link';

const { demoLink, networkLink, linuxIvshmemIrq } = qemuArm64;
const uartIrq = spi(1);

export const config = cell({
  name: 'linux-demo',
  cpus: [2, 3],
  console: qemuArm64.uart,
  vpciIrqBase: linuxIvshmemIrq,
  irqchips: [irqchip(qemuArm64.gic.distributor, spi(0), [uartIrq, linuxIvshmemIrq, spi(101)])],
  memory: [
    ...ivshmemSections({ ...demoLink, id: 2, rootShared: true }),
    ...ivshmemSections({ ...networkLink, id: 1, rootShared: true }),
    qemuArm64.uartWindow,
    linuxRam(0x70000000, 0x0f9f0000),
    inmateRam({ phys: 0x7f9f0000, size: 64 * KiB }), // loader
    qemuArm64.commRegion,
  ],
  pciDevices: [
    ivshmemV2({
      bdf: '00:00.0',
      domain: qemuArm64.pciDomain,
      protocol: 'undefined',
      stateTable: demoLink.phys,
      id: 2,
      peers: demoLink.peers,
    }),
    ivshmemV2({
      bdf: '00:01.0',
      domain: qemuArm64.pciDomain,
      protocol: 'veth',
      stateTable: networkLink.phys,
      id: 1,
      peers: networkLink.peers,
    }),
  ],
});
