import { cpusOf, dialectTraits } from '../../abi/jailhouse';
import { formatBdf } from '../../abi/pci/bdf';
import { cFieldName, isCounted } from '../field-names';
import {
  cellFlagNames,
  consoleFlagNames,
  consoleTypeName,
  memoryFlagNames,
  pciTypeName,
  protocolName,
  systemFlagNames,
} from '../flag-names';
import type { DecodedConfig, Dialect } from '../../abi/jailhouse';

/** What JSON and YAML can say: addresses and flags are texts such as `0xbfd00000`, counts and numbers are numbers. */
export type Tree = string | number | boolean | null | readonly Tree[] | { readonly [name: string]: Tree };

/** A config as data: every field by its name in C, and what the flags of each are called. */
export function configTree({ kind, dialect, config }: DecodedConfig): Tree {
  const { revision } = dialectTraits(dialect);
  return { kind, dialect, revision, config: objectTree(config, dialect, kind) };
}

function objectTree(value: object, dialect: Dialect, path: string): { readonly [name: string]: Tree } {
  const entries = Object.entries(value).flatMap(([property, one]): [string, Tree][] => {
    const name = cFieldName(property).split('.').at(-1) as string;
    const member = `${path}.${name}`;
    return [[name, valueTree(one, dialect, member)], ...namesOf(member, one, dialect)];
  });
  return Object.fromEntries(entries);
}

function valueTree(value: unknown, dialect: Dialect, path: string): Tree {
  const name = path.split('.').at(-1) as string;
  if (value instanceof Uint8Array) {
    return name === 'cpus' ? cpusOf(value) : Buffer.from(value).toString('hex');
  }
  if (Array.isArray(value)) {
    return value.map((one) => valueTree(one, dialect, path));
  }
  switch (typeof value) {
    case 'bigint':
      return `0x${value.toString(16)}`;
    case 'number':
      return isCounted(name) ? value : `0x${value.toString(16)}`;
    case 'object':
      return value === null ? null : objectTree(value, dialect, path);
    default:
      return value as string | boolean;
  }
}

/** Beside a number that stands for something, what it stands for. */
function namesOf(path: string, value: unknown, dialect: Dialect): [string, Tree][] {
  const parts = path.split('.');
  const [owner, name] = [parts.at(-2), parts.at(-1)];
  if (name === 'flags' && (typeof value === 'number' || typeof value === 'bigint')) {
    return [['flag_names', flagNames(owner, value, dialect)]];
  }
  if (name === 'type' && (owner === 'console' || owner === 'debug_console')) {
    return [['type_name', consoleTypeName(value as number)]];
  }
  if (name === 'type' && owner === 'pci_devices') {
    return [['type_name', pciTypeName(value as number)]];
  }
  if (name === 'shmem_protocol') {
    return [['shmem_protocol_name', protocolName(value as number, dialect)]];
  }
  return name === 'bdf' ? [['bdf_name', formatBdf(value as number)]] : [];
}

function flagNames(owner: string | undefined, flags: bigint | number, dialect: Dialect): string[] {
  switch (owner) {
    case 'mem_regions':
    case 'hypervisor_memory':
      return memoryFlagNames(BigInt(flags), dialect);
    case 'console':
    case 'debug_console':
      return consoleFlagNames(Number(flags), dialect);
    case 'system':
      return systemFlagNames(Number(flags));
    case 'cell':
    case 'root_cell':
      return cellFlagNames(Number(flags), dialect);
    default:
      return [];
  }
}
