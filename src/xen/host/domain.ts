import { DOMINF } from '../../abi/xen/domctl/domain';
import { SHUTDOWN_REASONS } from '../../abi/xen/sched';
import type { DomainInfo } from '../../abi/xen/domctl/domain';
import type { ShutdownReason } from '../../abi/xen/sched';

const PAGE_KIB = 4n;
const NANOSECONDS = 1e9;
/** Code of a domain that did not shut down. */
const NO_CODE = 0xff;

/** A domain at one moment. */
export interface Domain {
  readonly id: number;
  /** From xenstore; undefined while none is there. */
  readonly name: string | undefined;
  /** `00000000-0000-0000-0000-000000000000` of dom0. */
  readonly uuid: string;
  readonly isRunning: boolean;
  readonly isBlocked: boolean;
  readonly isPaused: boolean;
  readonly isShutDown: boolean;
  readonly isDying: boolean;
  readonly isDebugged: boolean;
  /** Why it is shut down: a word, or a number that has none. */
  readonly shutdownReason: ShutdownReason | number | undefined;
  readonly memoryKib: number;
  readonly maxMemoryKib: number;
  readonly outstandingKib: number;
  readonly cpuTimeSeconds: number;
  readonly onlineVcpus: number;
  /** All that it has, online or not. */
  readonly vcpuCount: number;
  readonly cpupool: number;
  /** Number of its security label; 0 without FLASK. */
  readonly ssidRef: number;
}

/** @param info as Xen gives it. @param name from xenstore */
export function toDomain(info: DomainInfo, name: string | undefined): Domain {
  const has = (bit: number) => (info.flags & bit) !== 0;
  return {
    id: info.domain,
    name,
    uuid: uuidText(info.handle),
    isRunning: has(DOMINF.running),
    isBlocked: has(DOMINF.blocked),
    isPaused: has(DOMINF.paused),
    isShutDown: has(DOMINF.shutdown),
    isDying: has(DOMINF.dying),
    isDebugged: has(DOMINF.debugged),
    shutdownReason: has(DOMINF.shutdown) ? reasonOf(info.flags) : undefined,
    memoryKib: Number((info.totalPages - info.pagedPages) * PAGE_KIB),
    maxMemoryKib: Number(info.maxPages * PAGE_KIB),
    outstandingKib: Number(info.outstandingPages * PAGE_KIB),
    cpuTimeSeconds: Number(info.cpuTimeNs) / NANOSECONDS,
    onlineVcpus: info.onlineVcpus,
    vcpuCount: info.maxVcpuId === 0xffff_ffff ? 0 : info.maxVcpuId + 1,
    cpupool: info.cpupool,
    ssidRef: info.ssidRef,
  };
}

function reasonOf(flags: number): ShutdownReason | number | undefined {
  const code = (flags >>> 16) & 0xff;
  return code === NO_CODE ? undefined : (SHUTDOWN_REASONS[code] ?? code);
}

export function uuidText(handle: Uint8Array): string {
  const hex = Buffer.from(handle).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
