import type { Domain } from '../../src/xen/host/domain';

/** A domain that has done nothing yet, but for what a test says. */
export function domainAt(id: number, parts: Partial<Domain> = {}): Domain {
  return {
    id,
    name: `domain-${id}`,
    uuid: `00000000-0000-0000-0000-${String(id).padStart(12, '0')}`,
    isRunning: false,
    isBlocked: false,
    isPaused: false,
    isShutDown: false,
    isDying: false,
    isDebugged: false,
    shutdownReason: undefined,
    memoryKib: 131_072,
    maxMemoryKib: 131_072,
    outstandingKib: 0,
    cpuTimeSeconds: 0,
    onlineVcpus: 1,
    vcpuCount: 1,
    cpupool: 0,
    ssidRef: 0,
    ...parts,
  };
}
