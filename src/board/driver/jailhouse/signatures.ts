import {
  ARCHITECTURES,
  CELL_SIGNATURE,
  CELL_SIGNATURE_V14,
  dialectTraits,
  SYSTEM_SIGNATURE,
  SYSTEM_SIGNATURE_V14,
} from '../../../abi/jailhouse';
import type { ConfigKind, Dialect } from '../../../abi/jailhouse';

/** What can be wrong with the first eight bytes of a config, in the order in which the driver looks. */
export type IdentityFault = 'signature' | 'revision' | 'architecture';

const REVISION_OFFSET = 6;
const ARCHITECTURE_OFFSET = 5;
const ARM64 = ARCHITECTURES.indexOf('arm64');

/** Checks signature, revision and (revision 14) architecture as the driver does (jailhouse-abi reference 1.3 and 1.5). */
export function identityFault(config: Uint8Array, kind: ConfigKind, dialect: Dialect): IdentityFault | undefined {
  const { revision } = dialectTraits(dialect);
  const statesArchitecture = revision >= 14;
  const signature = {
    system: statesArchitecture ? SYSTEM_SIGNATURE_V14 : SYSTEM_SIGNATURE,
    cell: statesArchitecture ? CELL_SIGNATURE_V14 : CELL_SIGNATURE,
  }[kind];
  const view = new DataView(config.buffer, config.byteOffset, config.byteLength);
  if (!Array.from(signature).every((letter, index) => config[index] === letter.charCodeAt(0))) {
    return 'signature';
  }
  if (view.getUint16(REVISION_OFFSET, true) !== revision) {
    return 'revision';
  }
  return statesArchitecture && config[ARCHITECTURE_OFFSET] !== ARM64 ? 'architecture' : undefined;
}
