import { DeviceTree, write } from '../../../fdt';
import { cells } from './cells';
import { addHypervisor } from './hypervisor';
import { addInterruptController, GIC_PHANDLE, ppi } from './interrupts';
import { addPartialTree } from './partial';
import { addOptee, addVrtc, addVuart } from './virtual-devices';
import type { DeviceTreeNode } from '../../../fdt';
import type { GuestTreeRequest } from './request';

/**
 * The device tree of a guest (xen-abi reference 10). Its size does not depend on where the ramdisk is.
 * @throws BuildError `E_XEN_IMAGE` when the partial tree cannot be merged
 */
export function buildGuestTree(request: GuestTreeRequest): Uint8Array {
  const tree = new DeviceTree();
  const { root } = tree;
  addRoot(root, request);
  addChosen(root.add('chosen'), request);
  addCpus(root.add('cpus'), request);
  root
    .add('psci')
    .set('compatible', ['arm,psci-1.0', 'arm,psci-0.2', 'arm,psci'])
    .set('method', 'hvc')
    .set('cpu_off', 1)
    .set('cpu_on', 2);
  for (const bank of request.banks) {
    root
      .add(`memory@${bank.base.toString(16)}`)
      .set('device_type', 'memory')
      .set('reg', cells(bank.base, bank.sizeBytes));
  }
  addInterruptController(root, request);
  addTimer(root.add('timer'), request);
  addHypervisor(root.add('hypervisor'), request);
  if (request.hasOptee) addOptee(root);
  if (request.hasVuart) addVuart(root, request.map);
  if (request.hasVrtc) addVrtc(root, request.map);
  if (request.partial) addPartialTree(tree, request.partial, request.isNxp);
  return write(tree);
}

function addRoot(root: DeviceTreeNode, { release, partial, isNxp }: GuestTreeRequest): void {
  const isImx8qm = isNxp && (partial?.tree.root.isCompatible('fsl,imx8qm') ?? false);
  root
    .set('model', `XENVM-${release}`)
    .set('compatible', [`xen,xenvm-${release}`, 'xen,xenvm', ...(isImx8qm ? ['fsl,imx8qm'] : [])])
    .set('interrupt-parent', GIC_PHANDLE)
    .set('#address-cells', 2)
    .set('#size-cells', 2);
}

function addChosen(chosen: DeviceTreeNode, { commandLine, ramdisk, rngSeed }: GuestTreeRequest): void {
  if (commandLine !== undefined) chosen.set('bootargs', commandLine);
  if (ramdisk) {
    chosen.set('linux,initrd-start', ramdisk.base).set('linux,initrd-end', ramdisk.base + ramdisk.sizeBytes);
  }
  if (rngSeed) chosen.set('rng-seed', rngSeed);
}

/** Of each vCPU: 16 to a cluster. */
const VCPUS_PER_CLUSTER = 16;

function addCpus(cpus: DeviceTreeNode, { vcpuCount, bits }: GuestTreeRequest): void {
  cpus.set('#address-cells', 1).set('#size-cells', 0);
  for (let vcpu = 0; vcpu < vcpuCount; vcpu++) {
    const affinity = (vcpu % VCPUS_PER_CLUSTER) | (Math.floor(vcpu / VCPUS_PER_CLUSTER) << 8);
    cpus
      .add(`cpu@${affinity.toString(16)}`)
      .set('device_type', 'cpu')
      .set('compatible', bits === 64 ? 'arm,armv8' : 'arm,cortex-a15')
      .set('enable-method', 'psci')
      .set('reg', affinity);
  }
}

const PPI_SECURE_PHYSICAL_TIMER = 29;
const PPI_PHYSICAL_TIMER = 30;
const PPI_VIRTUAL_TIMER = 27;

function addTimer(timer: DeviceTreeNode, { bits, clockFrequencyHz }: GuestTreeRequest): void {
  timer
    .set('compatible', bits === 64 ? 'arm,armv8-timer' : 'arm,armv7-timer')
    .set('interrupts', [...ppi(PPI_SECURE_PHYSICAL_TIMER), ...ppi(PPI_PHYSICAL_TIMER), ...ppi(PPI_VIRTUAL_TIMER)])
    .set('interrupt-parent', GIC_PHANDLE);
  if (clockFrequencyHz !== 0) timer.set('clock-frequency', clockFrequencyHz);
}
