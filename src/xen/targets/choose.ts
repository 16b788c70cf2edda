import { XEN_DIALECTS } from '../../abi/xen/dialects/releases';
import { encodeSysctl } from '../../abi/xen/sysctl/command';
import { getDomainInfoList } from '../../abi/xen/sysctl/domains';
import { CellvisorError, KernelError } from '../../errors';
import type { XenDialect } from '../../abi/xen/dialects/dialect';
import type { Privcmd } from '../hypervisor/privcmd';
import type { XenVersion } from '../hypervisor/version';

const OPERATION = 'find the version of Xen';
/** More than any release's domain info. */
const PROBE_BYTES = 1024;
/** No byte of a domain's info that ends it: those are padding, or the end of a name. */
const UNTOUCHED = 0xa5;

/** What `--target` and `CELLVISOR_XEN_TARGET` may name. */
export const XEN_TARGETS = XEN_DIALECTS.map(({ name }) => name);

/**
 * The dialect of the Xen that runs: by the version that it reports, and by how much it writes for a domain. NXP's forks report
 * upstream's numbers, but write more.
 *
 * @param wanted a dialect by name, in place of the evidence; its version must still be the one that runs
 * @throws CellvisorError `E_XEN_VERSION` for a Xen that is not known, or that does not answer as it should: both versions are
 *   named
 */
export async function chooseDialect(privcmd: Privcmd, version: XenVersion, wanted?: string): Promise<XenDialect> {
  const running = `Xen ${version.major}.${version.minor}`;
  const sameVersion = XEN_DIALECTS.filter(({ major, minor }) => major === version.major && minor === version.minor);
  if (wanted !== undefined) return checkWanted(wanted, sameVersion, running);
  if (sameVersion.length === 0) {
    throw versionError(`${running} runs, and is not one of ${XEN_TARGETS.join(', ')}`);
  }
  const [first] = sameVersion as [XenDialect];
  const writtenBytes = await domainInfoBytes(privcmd, first, running);
  const found = sameVersion.find(({ domainInfo }) => domainInfo.sizeBytes === writtenBytes);
  if (found === undefined) {
    const expected = sameVersion.map(({ name, domainInfo }) => `${name} writes ${domainInfo.sizeBytes}`).join(', ');
    throw versionError(`${running} writes ${writtenBytes} bytes about a domain (${expected}): it is another fork`);
  }
  return found;
}

function checkWanted(wanted: string, sameVersion: readonly XenDialect[], running: string): XenDialect {
  const found = sameVersion.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  throw versionError(
    XEN_TARGETS.includes(wanted)
      ? `target ${wanted} is asked for, ${running} runs`
      : `'${wanted}' is no target: there are ${XEN_TARGETS.join(', ')}`,
  );
}

/** How many bytes Xen writes for one domain, dom0. */
async function domainInfoBytes(privcmd: Privcmd, dialect: XenDialect, running: string): Promise<number> {
  const buffer = new Uint8Array(PROBE_BYTES).fill(UNTOUCHED);
  const fields = { firstDomain: 0, maxDomains: 1 };
  const probe = encodeSysctl(dialect.sysctlVersion, getDomainInfoList, fields, { bufferAddress: buffer });
  try {
    await privcmd.call('sysctl', [probe], OPERATION);
  } catch (error) {
    if (!(error instanceof KernelError) || error.errno !== 'EACCES') throw error;
    throw versionError(
      `${running} does not answer to interface 0x${dialect.sysctlVersion.toString(16)}, which Xen ${dialect.name} has`,
    );
  }
  return buffer.findLastIndex((byte) => byte !== UNTOUCHED) + 1;
}

function versionError(message: string): CellvisorError {
  return new CellvisorError(message, {
    code: 'E_XEN_VERSION',
    operation: OPERATION,
    hint: '--target NAME before the command, or CELLVISOR_XEN_TARGET, chooses one',
  });
}
