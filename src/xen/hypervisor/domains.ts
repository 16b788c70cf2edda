import { setImmediate } from 'node:timers/promises';
import { decodeDomctl, decodeDomctlDomain } from '../../abi/xen/domctl/command';
import * as abi from '../../abi/xen/domctl/domain';
import { HVM_PARAM, HVMOP_get_param, HVMOP_set_param, hvmParamLayout } from '../../abi/xen/hvm';
import { SCHEDOP_remote_shutdown, SHUTDOWN_REASONS, remoteShutdownLayout } from '../../abi/xen/sched';
import { decodeSysctl } from '../../abi/xen/sysctl/command';
import { getDomainInfoList } from '../../abi/xen/sysctl/domains';
import { KernelError } from '../../errors';
import type { HvmParam } from '../../abi/xen/hvm';
import type { ShutdownReason } from '../../abi/xen/sched';
import type { HypercallPort } from './port';

/** Asks Xen to choose an id. */
const ANY_DOMAIN = 0xffff;
/** One call lists this many; most hosts need one call. */
const LISTED_AT_ONCE = 64;

export interface CreateRequest {
  /** 16 bytes. */
  readonly uuid: Uint8Array;
  /** Used by NXP's Xen, which looks for it in the device tree. */
  readonly name: string;
  readonly maxVcpus: number;
  readonly gicVersion?: abi.GicVersion;
  readonly teeType?: abi.TeeType;
  readonly spiCount?: number;
  /** More bits of the creation's flags: CDF_IOMMU, CDF_VPMU. */
  readonly extraFlags?: number;
  readonly iommuOptions?: number;
  readonly maxEventChannelPort?: number;
  /** Frames; default: Xen's own limit. */
  readonly maxGrantFrames?: number;
  readonly maxMaptrackFrames?: number;
  readonly grantVersion?: number;
  readonly cpupool?: number;
  readonly vmtraceBytes?: number;
}

/** What libxl asks for (xen-abi reference 5). */
const DEFAULT_MAX_EVENT_CHANNEL_PORT = 1023;
/** Xen 4.11 has no value for its default; these are what its own are. */
const GRANT_FRAMES_411 = 32;
const MAPTRACK_FRAMES_411 = 1024;

/** Domains as Xen sees them: ids, pages, states. */
export class Domains {
  constructor(private readonly port: HypercallPort) {}

  /**
   * Makes an empty domain, paused. Its limits are set, its vCPUs are not made yet. In releases that create no domain within a
   * pool, it is in Pool-0 afterwards: see {@link Cpupools.moveDomain}.
   *
   * @returns its id, and what Xen decided
   * @throws KernelError: EINVAL for limits that Xen does not allow, ENODEV for a GIC version that the host does not have, ENOMEM
   */
  async create(request: CreateRequest): Promise<{ readonly domain: number; readonly arch: abi.ArchConfig }> {
    const { dialect } = this.port;
    const layout = dialect.createDomain;
    const answer = await this.port.domctl(
      { name: 'createdomain', number: abi.CREATE_DOMAIN, layout },
      ANY_DOMAIN,
      this.creation(request),
    );
    const domain = decodeDomctlDomain(answer);
    try {
      if (!layout.has('maxVcpus')) await this.limit(domain, request);
    } catch (error) {
      await this.destroy(domain);
      throw error;
    }
    return { domain, arch: decodeDomctl(layout, answer).arch };
  }

  /** Repeats the call until all of its memory is given back. @throws KernelError ESRCH */
  async destroy(domain: number): Promise<void> {
    for (;;) {
      try {
        await this.port.domctl(abi.destroyDomain, domain, {}, {}, { isLong: true });
        return;
      } catch (error) {
        if (!(error instanceof KernelError) || !['EAGAIN', 'ERESTART'].includes(error.errno ?? '')) throw error;
        await setImmediate();
      }
    }
  }

  /** Pauses are counted: a domain runs when each was taken back (xen-abi reference 15). */
  async pause(domain: number): Promise<void> {
    await this.port.domctl(abi.pauseDomain, domain);
  }

  async unpause(domain: number): Promise<void> {
    await this.port.domctl(abi.unpauseDomain, domain);
  }

  /** After a suspend. */
  async resume(domain: number): Promise<void> {
    await this.port.domctl(abi.resumeDomain, domain);
  }

  async softReset(domain: number): Promise<void> {
    await this.port.domctl(abi.softReset, domain);
  }

  /** Marks the domain shut down, as if it had done so itself. */
  async shutDown(domain: number, reason: ShutdownReason): Promise<void> {
    const bytes = remoteShutdownLayout.encode({ domain, reason: SHUTDOWN_REASONS.indexOf(reason) });
    const operation = `sched_op remote_shutdown of domain ${domain}`;
    await this.port.privcmd.call('sched_op', [SCHEDOP_remote_shutdown, { bytes }], operation);
  }

  /** @throws KernelError ENOSYS on Arm, for all triggers (xen-abi reference 15) */
  async sendTrigger(domain: number, trigger: number, vcpu: number): Promise<void> {
    await this.port.domctl(abi.sendTrigger, domain, { trigger, vcpu });
  }

  async setUuid(domain: number, uuid: Uint8Array): Promise<void> {
    await this.port.domctl(abi.setDomainHandle, domain, { handle: uuid });
  }

  /** 32 or 64: what its vCPUs start in. */
  async setAddressBits(domain: number, bits: 32 | 64): Promise<void> {
    await this.port.domctl(abi.setAddressSize, domain, { bits });
  }

  /** Of the domain's clock from UTC. */
  async setTimeOffset(domain: number, seconds: number): Promise<void> {
    await this.port.domctl(abi.setTimeOffset, domain, { seconds: BigInt.asUintN(64, BigInt(seconds)) });
  }

  async setParam(domain: number, param: HvmParam, value: bigint): Promise<void> {
    const bytes = hvmParamLayout.encode({ domain, index: HVM_PARAM[param], value });
    await this.port.privcmd.call('hvm_op', [HVMOP_set_param, { bytes }], `hvm_op set ${param} of domain ${domain}`);
  }

  async getParam(domain: number, param: HvmParam): Promise<bigint> {
    const bytes = hvmParamLayout.encode({ domain, index: HVM_PARAM[param], value: 0n });
    await this.port.privcmd.call('hvm_op', [HVMOP_get_param, { bytes }], `hvm_op get ${param} of domain ${domain}`);
    return hvmParamLayout.decode(bytes).value;
  }

  /** One domain, or undefined where there is none of that id. */
  async info(domain: number): Promise<abi.DomainInfo | undefined> {
    // The list answers for the next domain: one rule for all releases.
    const [found] = await this.listFrom(domain, 1);
    return found?.domain === domain ? found : undefined;
  }

  /** All domains, by id. */
  async list(): Promise<abi.DomainInfo[]> {
    const all: abi.DomainInfo[] = [];
    for (let first = 0; ;) {
      const some = await this.listFrom(first, LISTED_AT_ONCE);
      all.push(...some);
      const last = some.at(-1);
      if (last === undefined || some.length < LISTED_AT_ONCE) return all;
      first = last.domain + 1;
    }
  }

  private async listFrom(firstDomain: number, maxDomains: number): Promise<abi.DomainInfo[]> {
    const layout = this.port.dialect.domainInfo;
    return this.port.privcmd.withPages(maxDomains * layout.sizeBytes, async (buffer) => {
      const fields = { firstDomain, maxDomains };
      const answer = await this.port.sysctl(getDomainInfoList, fields, { bufferAddress: buffer });
      const { count } = decodeSysctl(getDomainInfoList.layout, answer);
      return Array.from({ length: count }, (_, index) => layout.decode(buffer, index * layout.sizeBytes));
    });
  }

  private creation(request: CreateRequest): abi.CreateDomain {
    const { dialect } = this.port;
    const layout = dialect.createDomain;
    const { extraFlags = 0, gicVersion = 'native', teeType = 'none', spiCount = 0 } = request;
    return {
      handle: request.uuid,
      flags: dialect.guestFlags | extraFlags,
      ...(layout.has('maxVcpus') && {
        maxVcpus: request.maxVcpus,
        maxEventChannelPort: request.maxEventChannelPort ?? DEFAULT_MAX_EVENT_CHANNEL_PORT,
        maxGrantFrames: request.maxGrantFrames ?? -1,
        maxMaptrackFrames: request.maxMaptrackFrames ?? -1,
        iommuOptions: request.iommuOptions ?? 0,
      }),
      ...(layout.has('grantOptions') && { grantOptions: request.grantVersion ?? 1 }),
      ...(layout.has('vmtraceBytes') && { vmtraceBytes: request.vmtraceBytes ?? 0 }),
      ...(layout.has('cpupool') && { cpupool: request.cpupool ?? 0 }),
      arch: {
        gicVersion: abi.GIC_VERSIONS[gicVersion],
        teeType: abi.TEE_TYPES[teeType],
        spiCount,
        clockFrequency: 0,
        domainName: dialect.isNxp ? request.name : '',
      },
    };
  }

  /** The vCPUs' limit is `Vcpus.setMax`, which all releases have. */
  private async limit(domain: number, request: CreateRequest): Promise<void> {
    await this.port.domctl(abi.setGrantTableLimits, domain, {
      grantFrames: request.maxGrantFrames ?? GRANT_FRAMES_411,
      maptrackFrames: request.maxMaptrackFrames ?? MAPTRACK_FRAMES_411,
    });
    await this.port.domctl(abi.setMaxEventChannel, domain, {
      maxPort: request.maxEventChannelPort ?? DEFAULT_MAX_EVENT_CHANNEL_PORT,
    });
  }
}
