import { CellvisorError } from '../../errors';
import { nxpV010 } from './nxp-v0.10';
import { upstreamMaster } from './upstream-master';
import type { Release } from './release';

export const RELEASES: readonly Release[] = [nxpV010, upstreamMaster];
export const DEFAULT_RELEASE = nxpV010.name;

/** @throws CellvisorError `E_RELEASE_UNKNOWN` */
export function findRelease(name: string): Release {
  const release = RELEASES.find((one) => one.name === name);
  if (!release) {
    throw new CellvisorError(`there is no Jailhouse release '${name}' to emulate`, {
      code: 'E_RELEASE_UNKNOWN',
      operation: 'find release',
      hint: `releases are ${RELEASES.map((one) => one.name).join(', ')}`,
    });
  }
  return release;
}

export type { Release } from './release';
