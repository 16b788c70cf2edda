import { nested, padding, signature, u16, u32, u64, u8 } from '../field';
import { StructLayout } from '../layout';
import { consoleLayout } from './config/uart';
import { perDialect } from './dialect';
import type { Console } from './config/uart';
import type { Dialect } from './dialect';

/**
 * The page that a cell shares with the hypervisor, as an arm or arm64 inmate sees it (jailhouse-abi reference 4.5).
 * The hypervisor reads state and messages from it; all else only informs the inmate. Absent: the release has no such field.
 */
export interface CommRegion {
  readonly signature?: string;
  readonly revision?: number;
  readonly cellState: number;
  readonly msgToCell: number;
  readonly replyFromCell: number;
  /** COMM_FLAG_* */
  readonly flags?: number;
  readonly padding?: Uint8Array;
  readonly console?: Console;
  readonly pciMmconfigBase?: bigint;
  readonly gicVersion?: number;
  readonly gicPadding?: Uint8Array;
  readonly gicdBase?: bigint;
  readonly giccBase?: bigint;
  readonly gicrBase?: bigint;
  /** NXP 10 only, like the next two: copies of the cell descriptor's fields. */
  readonly pciCfgBase?: bigint;
  readonly pciCfgSize?: bigint;
  readonly ivshmemIrq?: number;
  readonly vpciIrqBase?: number;
}

export interface CommRegionAbi {
  /** What the inmate finds in `revision` and compares with what it was built for; v0.8 had none. */
  readonly abiRevision: number | undefined;
  readonly layout: StructLayout<CommRegion>;
}

export const COMM_REGION_SIGNATURE = 'JHCOMM';
/** The region is one page, whatever the struct's size is. */
export const COMM_REGION_PAGE_SIZE = 4096;
/** Set when the cell has CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED. */
export const COMM_FLAG_DBG_PUTC_PERMITTED = 0x1;
/** Set when the cell has CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE. */
export const COMM_FLAG_DBG_PUTC_ACTIVE = 0x2;

const head = [signature('signature', 6), u16('revision')] as const;
const messages = [u32('cellState'), u32('msgToCell'), u32('replyFromCell')] as const;
const gic = [u8('gicVersion'), padding('gicPadding', 7), u64('gicdBase'), u64('giccBase'), u64('gicrBase')] as const;

/** The layout that releases with configs of a dialect use. */
export const commRegionAbi = perDialect(({ vendor, revision }, dialect): CommRegionAbi => {
  if (revision === 8) {
    const layout = new StructLayout<CommRegion>('jailhouse_comm_region', [
      u32('msgToCell'),
      u32('replyFromCell'),
      u32('cellState'),
      padding('padding', 4),
    ]);
    return { abiRevision: undefined, layout };
  }
  if (revision === 9) {
    const layout = new StructLayout<CommRegion>('jailhouse_comm_region', [...head, ...messages, padding('padding', 4)]);
    return { abiRevision: 0, layout };
  }
  const common = [...head, ...messages, u32('flags'), nested('console', consoleLayout(dialect))] as const;
  if (revision >= 12) {
    const fields = [...common, u64('pciMmconfigBase'), ...gic, u32('vpciIrqBase')] as const;
    return { abiRevision: 2, layout: new StructLayout<CommRegion>('jailhouse_comm_region', fields) };
  }
  const nxp = [u64('pciCfgBase'), u64('pciCfgSize'), u32('ivshmemIrq'), padding('padding', 4)] as const;
  const fields = vendor === 'nxp' ? ([...common, ...gic, ...nxp] as const) : ([...common, ...gic] as const);
  return { abiRevision: 1, layout: new StructLayout<CommRegion>('jailhouse_comm_region', fields) };
});

/**
 * The page as it is when the cell starts: signature and ABI revision filled in, zeros behind the struct.
 *
 * @throws ConfigError E_CONFIG_DIALECT for a value that the release's page has no place for.
 */
export function encodeCommRegion(region: Omit<CommRegion, 'signature' | 'revision'>, dialect: Dialect): Uint8Array {
  const { abiRevision, layout } = commRegionAbi(dialect);
  const whole =
    abiRevision === undefined ? region : { ...region, signature: COMM_REGION_SIGNATURE, revision: abiRevision };
  const page = new Uint8Array(COMM_REGION_PAGE_SIZE);
  page.set(layout.encode(whole, { operation: 'encode communication region', format: dialect }));
  return page;
}
