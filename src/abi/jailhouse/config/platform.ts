import { padding, u16, u32, u64, u8 } from '../../field';
import { StructLayout } from '../../layout';
import { perDialect } from '../dialect';

/** What the config says about an arm or arm64 machine (jailhouse-abi reference 3.2). */
export interface ArmPlatform {
  /** INTID of the GIC maintenance interrupt. */
  readonly maintenanceIrq: number;
  readonly gicVersion: number;
  readonly padding?: Uint8Array;
  readonly gicdBase: bigint;
  readonly giccBase: bigint;
  readonly gichBase: bigint;
  readonly gicvBase: bigint;
  readonly gicrBase: bigint;
}

/** What the config says about an x86 machine (jailhouse-abi reference 3.3). */
export interface X86Platform {
  readonly pmTimerAddress: number;
  readonly vtdInterruptLimit: number;
  /** 0 automatic, 1 xAPIC, 2 x2APIC. */
  readonly apicMode: number;
  readonly padding?: Uint8Array;
  readonly tscKhz: number;
  readonly apicKhz: number;
}

export const armPlatformLayout = perDialect(
  ({ revision }) =>
    new StructLayout<ArmPlatform>('jailhouse_platform_arm', [
      u8('maintenanceIrq'),
      u8('gicVersion'),
      ...(revision >= 13 ? [padding('padding', 2)] : []),
      u64('gicdBase'),
      u64('giccBase'),
      u64('gichBase'),
      u64('gicvBase'),
      u64('gicrBase'),
    ]),
);

export const x86PlatformLayout = perDialect(({ revision }) =>
  revision >= 13
    ? new StructLayout<X86Platform>('jailhouse_platform_x86', [
        u16('pmTimerAddress'),
        u8('apicMode'),
        padding('padding', 1),
        u32('vtdInterruptLimit'),
        u32('tscKhz'),
        u32('apicKhz'),
      ])
    : new StructLayout<X86Platform>('jailhouse_platform_x86', [
        u16('pmTimerAddress'),
        u32('vtdInterruptLimit'),
        u8('apicMode'),
        padding('padding', 3),
        u32('tscKhz'),
        u32('apicKhz'),
      ]),
);
