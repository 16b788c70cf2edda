import { GIC_VERSIONS } from '../../abi/xen/domctl/domain';
import { addDevice } from '../devices/add';
import { writeConsoleNodes } from '../devices/console';
import { checkDiskTarget, planDisk } from '../devices/disk';
import { removeDevice } from '../devices/remove';
import { planVif } from '../devices/vif';
import { generateMac, printLibxlJson, toLibxlJson } from '../config';
import { randomBytes } from '../../random';
import { BuildError } from './build-error';
import { buildGuestTree } from './device-tree/build';
import { readGuestFiles } from './files';
import { PAGE_BYTES, planMemory } from './memory-plan';
import { createRequest, needsIommu } from './request';
import { affinityTopology, backendDomid, poolNumber } from './lookups';
import { maxMemoryKiB, neededBytes, setLimits } from './steps/limits';
import { copyToGuest, magicFrames, makeMagicPages, populate, seedGrants } from './steps/load';
import { passDevicesThrough } from './steps/passthrough';
import { Undo } from './undo';
import { removeUserdata, writeUserdata } from '../userdata';
import { startContext } from './vcpu-context';
import { checkName, describeDomain, forgetDomain, registerDomain, writeVuartNodes } from './xenstore-nodes';
import type { ArchConfig } from '../../abi/xen/domctl/domain';
import type { DevicePlan } from '../devices/device';
import type { CpuTopology, DomainConfig } from '../config';
import type { GuestTreeRequest } from './device-tree/request';
import type { GuestFiles } from './files';
import type { BuildHost } from './host';
import type { MemoryPlan } from './memory-plan';

export interface BuiltDomain {
  readonly domid: number;
  /** The configuration with all that was chosen for it: MAC addresses. */
  readonly config: DomainConfig;
}

const RNG_SEED_BYTES = 128;

/**
 * Builds a domain: it is complete, and paused. When a step fails, those before it are taken back.
 *
 * @throws BuildError, CellvisorError `E_XEN_DEVICE`, KernelError
 */
export async function buildDomain(host: BuildHost, wanted: DomainConfig): Promise<BuiltDomain> {
  const undo = new Undo();
  const config = withDefaults(wanted);
  try {
    return { domid: await new Builder(host, config, undo).run(), config };
  } catch (error) {
    for (const problem of await undo.run()) host.notice(`left behind: ${problem}`);
    throw error;
  }
}

/** What was not said. What is random is chosen once, so that a domain that is created again has the same. */
function withDefaults(config: DomainConfig): DomainConfig {
  const { maxVcpus = 1 } = config;
  return {
    ...config,
    maxVcpus,
    vcpus: config.vcpus ?? maxVcpus,
    vifs: config.vifs.map((vif) => ({ ...vif, mac: vif.mac ?? generateMac() })),
  };
}

class Builder {
  constructor(
    private readonly host: BuildHost,
    private readonly config: DomainConfig,
    private readonly undo: Undo,
  ) {}

  async run(): Promise<number> {
    const { config, host } = this;
    const { hypervisor, store } = host;
    // Everything that can be known before is looked at before.
    const files = await readGuestFiles(host.kernel, config);
    const pool = await poolNumber(host, config.pool);
    const request = createRequest(config, hypervisor.dialect, pool);
    await checkName(store, config.name);
    for (const disk of config.disks) await checkDiskTarget(host.kernel, 0, disk);
    await this.checkHost();
    this.checkSizes(files);
    const topology = await affinityTopology(hypervisor);

    const { domain: domid, arch } = await hypervisor.domains.create(request);
    this.undo.push(`domain ${domid}`, () => hypervisor.domains.destroy(domid));
    this.undo.push(`nodes of domain ${domid}`, () =>
      store.transaction((nodes) => forgetDomain(nodes, domid, config.uuid)),
    );
    await store.transaction((nodes) => registerDomain(nodes, domid, config));
    const isMadeInPool = hypervisor.dialect.createDomain.has('cpupool');
    if (!isMadeInPool && pool !== 0) await hypervisor.cpupools.moveDomain(pool, domid);
    await setLimits(hypervisor, domid, config, topology, files.kernel.bits);
    const ports = {
      store: await hypervisor.eventChannels.allocateUnbound(domid, 0),
      console: await hypervisor.eventChannels.allocateUnbound(domid, 0),
    };
    const vuart = await this.fillMemory(domid, arch, files, ports);
    await this.introduce(domid, ports);
    await this.setScheduler(domid);
    await passDevicesThrough(hypervisor, domid, config);
    await this.addDevices(domid);
    const frames = magicFrames(hypervisor.dialect.guestMemory.magicPages);
    await store.transaction(async (nodes) => {
      await writeConsoleNodes(nodes, domid, { frame: frames.console, port: ports.console });
      if (vuart !== undefined) await writeVuartNodes(nodes, domid, vuart, frames.vuart);
    });
    await this.keepConfig(domid, topology);
    return domid;
  }

  private async checkHost(): Promise<void> {
    const { host, config } = this;
    const { freePages, scrubPages } = await host.hypervisor.host.physInfo();
    // Pages of a domain that has just ended are free as soon as Xen has cleared them.
    const free = (freePages + scrubPages) * PAGE_BYTES;
    const needed = neededBytes(config);
    if (free < needed) {
      const message = `memory: the domain needs ${mebibytes(needed)} MiB, and the host has ${mebibytes(free)} MiB free`;
      throw new BuildError('E_XEN_MEMORY', message, "'xl info' shows free_memory");
    }
    const capabilities = await host.hypervisor.host.capabilityNames();
    if (needsIommu(config) && !capabilities.includes('directio')) {
      const key = config.assignedDevices.length > 0 ? 'dtdev' : 'passthrough';
      throw new BuildError(
        'E_XEN_UNSUPPORTED',
        `${key}: passthrough not supported on this platform`,
        'it has no IOMMU',
      );
    }
    if (config.vi2cs.length > 0) host.notice('vi2c: the I2C devices are not shared: their frontend is not made here');
    if (config.type === 'pv') host.notice('type: pv is changed to pvh: Arm has no other guests');
  }

  /** Does everything fit? The tree's size does not depend on what is not known yet. */
  private checkSizes(files: GuestFiles): void {
    const arch = { gicVersion: GIC_VERSIONS.v3, clockFrequency: 1, spiCount: 0 };
    this.plan(files, buildGuestTree(this.treeRequest(arch, files, undefined, 48)).length);
  }

  private plan({ kernel, ramdisk }: GuestFiles, deviceTreeBytes: number): MemoryPlan {
    return planMemory(this.host.hypervisor.dialect.guestMemory, {
      memoryBytes: BigInt(this.config.memoryKiB ?? 0) * 1024n,
      kernelBytes: BigInt(kernel.bytes.length),
      kernelOffset: kernel.loadOffset,
      ramdiskBytes: BigInt(ramdisk?.length ?? 0),
      deviceTreeBytes: BigInt(deviceTreeBytes),
    });
  }

  private treeRequest(
    arch: ArchConfig,
    files: GuestFiles,
    plan: MemoryPlan | undefined,
    guestAddressBits: number | undefined,
  ): GuestTreeRequest {
    const { config } = this;
    const { dialect } = this.host.hypervisor;
    const isRecent = dialect.minor >= 16;
    const somewhere = { base: 0n, sizeBytes: 1n };
    return {
      release: `${dialect.major}.${dialect.minor}`,
      map: dialect.guestMemory,
      banks: plan?.banks ?? dialect.guestMemory.banks.map(({ base }) => ({ base, sizeBytes: 0n })),
      ramdisk: files.ramdisk && (plan?.ramdisk ?? somewhere),
      vcpuCount: config.maxVcpus ?? 1,
      bits: files.kernel.bits,
      gicVersion: arch.gicVersion === GIC_VERSIONS.v3 ? 'v3' : 'v2',
      commandLine: config.commandLine,
      clockFrequencyHz: arch.clockFrequency,
      hasVuart: config.hasVuart,
      hasVrtc: config.hasVrtc,
      hasOptee: config.tee === 'optee',
      rngSeed: isRecent ? randomBytes(RNG_SEED_BYTES) : undefined,
      guestAddressBits: isRecent ? guestAddressBits : undefined,
      partial: files.partial,
      isNxp: dialect.isNxp,
    };
  }

  /** @returns the port of the emulated UART, where there is one */
  private async fillMemory(
    domid: number,
    arch: ArchConfig,
    files: GuestFiles,
    ports: { readonly console: number; readonly store: number },
  ): Promise<number | undefined> {
    const { hypervisor } = this.host;
    const { dialect, devices } = hypervisor;
    const info = await hypervisor.domains.info(domid);
    const tree = (plan?: MemoryPlan) => buildGuestTree(this.treeRequest(arch, files, plan, info?.gpaddrBits));
    const plan = this.plan(files, tree().length);
    await populate(hypervisor, domid, plan.banks);
    await copyToGuest(hypervisor, domid, plan.kernel.base, files.kernel.bytes);
    if (plan.ramdisk && files.ramdisk) await copyToGuest(hypervisor, domid, plan.ramdisk.base, files.ramdisk);
    await copyToGuest(hypervisor, domid, plan.deviceTree.base, tree(plan));
    const frames = magicFrames(dialect.guestMemory.magicPages);
    await makeMagicPages(hypervisor, domid, frames, ports);
    if (this.config.hasVrtc) await devices.makeVrtc(domid);
    if (this.config.tee === 'trusty') await devices.enableNxpTee(domid);
    const entry = files.kernel.entry ?? plan.kernel.base;
    const context = startContext(files.kernel.bits, entry, plan.deviceTree.base);
    await hypervisor.vcpus.setContext(domid, 0, context);
    await seedGrants(hypervisor, domid, frames);
    return this.config.hasVuart ? devices.makeVuart(domid, frames.vuart, 0) : undefined;
  }

  private async introduce(domid: number, ports: { readonly store: number }): Promise<void> {
    const { config, host } = this;
    const { store: storeFrame } = magicFrames(host.hypervisor.dialect.guestMemory.magicPages);
    const maxVcpus = config.maxVcpus ?? 1;
    await host.store.transaction((nodes) =>
      describeDomain(nodes, {
        domid,
        uuid: config.uuid,
        memoryKiB: config.memoryKiB ?? 0,
        maxMemoryKiB: maxMemoryKiB(config),
        storePort: ports.store,
        storeFrame,
        maxVcpus,
        vcpus: config.vcpus ?? maxVcpus,
        startTime: new Date(),
      }),
    );
    await host.store.introduce(domid, storeFrame, ports.store);
  }

  private async setScheduler(domid: number): Promise<void> {
    const { cpuWeight, cpuCap } = this.config;
    if (cpuWeight === undefined && cpuCap === undefined) return;
    const { host, schedulers } = this.host.hypervisor;
    const scheduler = await host.scheduler();
    if (scheduler !== 'credit' && scheduler !== 'credit2') {
      this.host.notice(`cpu_weight and cap are ignored: the scheduler is ${scheduler}`);
      return;
    }
    const { weight, cap } = await schedulers.credit(domid, scheduler);
    await schedulers.setCredit(domid, scheduler, { weight: cpuWeight ?? weight, cap: cpuCap ?? cap });
  }

  private async addDevices(domid: number): Promise<void> {
    const { config, host } = this;
    const plans: DevicePlan[] = [];
    for (const disk of config.disks) plans.push(planDisk(domid, disk, await backendDomid(host, disk.backendDomain)));
    for (const vif of config.vifs) plans.push(planVif(domid, vif, await backendDomid(host, vif.backendDomain)));
    for (const plan of plans) {
      const device = await addDevice(host.store, plan);
      this.undo.push(`${plan.kind} ${plan.devid} of domain ${domid}`, () =>
        removeDevice(host.store, device, { isForced: true }),
      );
    }
  }

  private async keepConfig(domid: number, topology: CpuTopology): Promise<void> {
    const { uuid } = this.config;
    const { userdataFolder } = this.host;
    this.undo.push(`configuration of domain ${domid}`, () => removeUserdata(domid, userdataFolder));
    const text = `${printLibxlJson(toLibxlJson(this.config, topology))}\n`;
    await writeUserdata(domid, uuid, text, userdataFolder);
  }
}

function mebibytes(bytes: bigint): number {
  return Number(bytes / 1024n) / 1024;
}
