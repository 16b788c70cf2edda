import { cpusOf, decodeConfig, identifyConfig } from '../abi/jailhouse';
import { ConfigError } from '../errors';
import type { ConfigFile } from '../jailhouse/explain/refusal';
import type { CellConfig, ConfigKind, Dialect, SystemConfig } from '../abi/jailhouse';

export interface ExaminedConfig {
  readonly path: string;
  readonly kind: ConfigKind;
  readonly revision: number;
  readonly sizeBytes: number;
  /** Absent when only the first bytes make sense; `fault` then says why. */
  readonly dialect?: Dialect;
  readonly system?: SystemConfig;
  /** Of a system config, the root cell. */
  readonly cell?: CellConfig;
  readonly fault?: string;
}

/** What can be made of a file; a string says why it is no config at all. */
export function examineConfig({ path, bytes }: ConfigFile): ExaminedConfig | string {
  try {
    const { kind, revision } = identifyConfig(bytes);
    return { path, kind, revision, sizeBytes: bytes.length, ...decode(bytes) };
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

function decode(bytes: Uint8Array): Partial<ExaminedConfig> {
  try {
    const { dialect, config } = decodeConfig(bytes, { trailing: 'ignore' });
    return 'rootCell' in config ? { dialect, system: config, cell: config.rootCell } : { dialect, cell: config };
  } catch (error) {
    if (error instanceof ConfigError) return { fault: error.message };
    throw error;
  }
}

/** Logical numbers of the CPUs of a cell. */
export function cpusOfCell(cell: CellConfig): number[] {
  return cpusOf(cell.cpuSet);
}
