import type { DebugPoint, DebugStop, DebugTarget } from './target';

/** By the number in Z and z packets: a breakpoint is the same whether GDB asks for it in software or in hardware. */
const KINDS: readonly DebugPoint['kind'][] = ['breakpoint', 'breakpoint', 'write', 'read', 'access'];
const ADDRESS_SPACE = 1n << 64n;
/** The machine takes as many. */
const MAX_POINTS = 1024;

/**
 * The break- and watchpoints that GDB has set. GDB takes all away at each stop and sets them again before the cell goes on: so
 * the cell hears of them only then, and only of a change.
 */
export class Points {
  private readonly points = new Map<string, DebugPoint & { readonly isHardware: boolean }>();
  private told = '';

  /** @returns whether there can be such a point; undefined for a type that does not exist */
  add(type: number, address: bigint, lengthBytes: bigint): boolean | undefined {
    const kind = KINDS[type];
    if (kind === undefined) return undefined;
    if (this.points.size >= MAX_POINTS || address >= ADDRESS_SPACE) return false;
    if (kind !== 'breakpoint' && (lengthBytes < 1n || address + lengthBytes > ADDRESS_SPACE)) return false;
    this.points.set(keyOf(type, address, lengthBytes), { kind, address, lengthBytes, isHardware: type === 1 });
    return true;
  }

  remove(type: number, address: bigint, lengthBytes: bigint): boolean | undefined {
    if (KINDS[type] === undefined) return undefined;
    this.points.delete(keyOf(type, address, lengthBytes));
    return true;
  }

  /** Tells the cell, if there is something new. */
  async tell(target: DebugTarget): Promise<void> {
    const state = [...this.points.keys()].sort().join(' ');
    if (state === this.told) return;
    await target.setPoints([...this.points.values()]);
    this.told = state;
  }

  /** How a stop reply says which point was hit (GDB manual, "Stop Reply Packets"). */
  reasonFor({ kind, address, isWrite }: DebugStop): string {
    const all = [...this.points.values()];
    if (kind === 'breakpoint') {
      const isHardware = all.some((one) => one.kind === kind && one.address === address && one.isHardware);
      return isHardware ? 'hwbreak:;' : 'swbreak:;';
    }
    const hit = all.find((one) => {
      const isInside = address >= one.address && address - one.address < one.lengthBytes;
      return isInside && (one.kind === 'access' || one.kind === (isWrite ? 'write' : 'read'));
    });
    const word = hit?.kind === 'access' ? 'awatch' : isWrite ? 'watch' : 'rwatch';
    return `${word}:${address.toString(16)};`;
  }
}

function keyOf(type: number, address: bigint, lengthBytes: bigint): string {
  return `${type}:${address.toString(16)}:${lengthBytes}`;
}
