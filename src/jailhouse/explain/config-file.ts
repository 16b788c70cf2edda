import { decodeConfig } from '../../abi/jailhouse/config/decode';
import { identifyConfig } from '../../abi/jailhouse/config/identify';
import { revisionsOfDriver } from '../../abi/jailhouse/driver-releases';
import { ConfigError } from '../../errors';
import { listWords } from './words';
import type { ConfigIdentity } from '../../abi/jailhouse/config/identify';
import type { Evidence } from './evidence';

const OTHER_KIND = {
  system: 'this is a system config: it is for jailhouse enable, not for cell create',
  cell: 'this is the config of a cell, not of a system: enable with the system config, then use jailhouse cell create',
} as const;

/**
 * Whether the file itself is why the driver refused it: another kind of file, another revision than this driver's, cut
 * short, or in disorder.
 */
export async function explainConfigFile(
  bytes: Uint8Array,
  wanted: 'system' | 'cell',
  evidence: Evidence,
): Promise<string | undefined> {
  let identity: ConfigIdentity;
  try {
    identity = identifyConfig(bytes);
  } catch (error) {
    return whatIsWrong(error);
  }
  if (identity.kind !== wanted) {
    return OTHER_KIND[identity.kind];
  }
  return (await explainRevision(identity, evidence)) ?? whatDecodingSays(bytes);
}

async function explainRevision(
  { revision, dialects }: ConfigIdentity,
  evidence: Evidence,
): Promise<string | undefined> {
  const version = await evidence.driverVersion();
  const accepted = version === undefined ? undefined : revisionsOfDriver(version);
  const file = `the file has config revision ${revision} (${dialects.join(' or ')})`;
  if (accepted && !accepted.includes(revision)) {
    return `${file}; the driver ${version} takes ${listWords(accepted)}: use a file built for this release`;
  }
  if (accepted?.length === 1) {
    return undefined;
  }
  const refused = await evidence.kernelSaid(/^jailhouse: Configuration revision mismatch$/);
  return (
    refused &&
    `${file}, which this driver${version ? ` (${version})` : ''} does not take: use a file built for its release`
  );
}

function whatDecodingSays(bytes: Uint8Array): string | undefined {
  try {
    decodeConfig(bytes, { trailing: 'ignore' });
    return undefined;
  } catch (error) {
    return whatIsWrong(error);
  }
}

function whatIsWrong(error: unknown): string {
  if (error instanceof ConfigError) {
    return `the file is ${error.message}`;
  }
  throw error;
}
