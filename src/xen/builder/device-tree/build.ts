import { DeviceTree, write } from '../../../fdt';
import { cells } from './cells';
import { addHypervisor } from './hypervisor';
import { addInterruptController, GIC_PHANDLE, ppi } from './interrupts';
import { addPartialTree } from './partial';
import { addOptee, addVrtc, addVuart } from './virtual-devices';
import type { DeviceTreeNode } from '../../../fdt';
import type { GuestMemoryMap } from '../../../abi/xen/dialects/guest-memory';
import type { Region } from '../memory-plan';

export interface GuestTreeRequest {
  /** Of Xen, such as `4.17`. */
  readonly release: string;
  readonly map: GuestMemoryMap;
  readonly banks: readonly Region[];
  readonly ramdisk?: Region | undefined;
  readonly vcpuCount: number;
  readonly bits: 32 | 64;
  readonly gicVersion: 'v2' | 'v3';
  readonly commandLine?: string | undefined;
  /** 0: the firmware has set the timer's frequency. */
  readonly clockFrequencyHz: number;
  readonly hasVuart: boolean;
  readonly hasVrtc: boolean;
  readonly hasOptee: boolean;
  /** For the kernel's random numbers: 4.16 and later give it. */
  readonly rngSeed?: Uint8Array | undefined;
  /** Bits of a guest physical address: with them, free ranges are offered to the guest (4.16 and later). */
  readonly guestAddressBits?: number | undefined;
  /** The device tree of `device_tree`, and its file for errors. */
  readonly partial?: { readonly tree: DeviceTree; readonly file: string } | undefined;
  readonly isNxp: boolean;
}

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
