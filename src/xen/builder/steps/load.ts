import { GRANT_PERMIT_ACCESS, GRANT_REF_CONSOLE, GRANT_REF_XENSTORE } from '../../../abi/xen/grant-table';
import { PAGE_BYTES } from '../memory-plan';
import type { Hypervisor } from '../../hypervisor/hypervisor';
import type { Region } from '../memory-plan';

/** Mapped at once while copying: many pages a call, and no more of this process's address space than that. */
const PIECE_BYTES = 16 * 1024 * 1024;
const PAGE = Number(PAGE_BYTES);
/** Console, xenstore, memory access, vuart (xen-abi reference 8). */
const MAGIC_PAGE_COUNT = 4;

export async function populate({ memory }: Hypervisor, domid: number, banks: readonly Region[]): Promise<void> {
  for (const { base, sizeBytes } of banks) {
    await memory.populate(domid, base / PAGE_BYTES, Number(sizeBytes / PAGE_BYTES));
  }
}

/** Copies bytes to a place in the guest's RAM, and out of the caches: the guest starts with its own off. */
export async function copyToGuest(
  { memory }: Hypervisor,
  domid: number,
  base: bigint,
  content: Uint8Array,
): Promise<void> {
  for (let done = 0; done < content.length; done += PIECE_BYTES) {
    const piece = content.subarray(done, done + PIECE_BYTES);
    const firstFrame = (base + BigInt(done)) / PAGE_BYTES;
    const mapped = await memory.map(domid, firstFrame, Math.ceil(piece.length / PAGE));
    try {
      mapped.bytes.set(piece);
    } finally {
      mapped.unmap();
    }
  }
  await memory.flushCaches(domid, base / PAGE_BYTES, Math.ceil(content.length / PAGE));
}

export interface MagicFrames {
  readonly console: bigint;
  readonly store: bigint;
  readonly memoryAccess: bigint;
  readonly vuart: bigint;
}

export function magicFrames(base: bigint): MagicFrames {
  const first = base / PAGE_BYTES;
  return { console: first, store: first + 1n, memoryAccess: first + 2n, vuart: first + 3n };
}

/** Gives the guest the pages that it shares with dom0's daemons, empty, and says where they are. */
export async function makeMagicPages(
  { memory, domains }: Hypervisor,
  domid: number,
  frames: MagicFrames,
  ports: { readonly console: number; readonly store: number },
): Promise<void> {
  await memory.populate(domid, frames.console, MAGIC_PAGE_COUNT);
  const mapped = await memory.map(domid, frames.console, MAGIC_PAGE_COUNT);
  mapped.bytes.fill(0);
  mapped.unmap();
  await memory.flushCaches(domid, frames.console, MAGIC_PAGE_COUNT);
  await domains.setParam(domid, 'consoleFrame', frames.console);
  await domains.setParam(domid, 'storeFrame', frames.store);
  await domains.setParam(domid, 'monitorRingFrame', frames.memoryAccess);
  await domains.setParam(domid, 'consolePort', BigInt(ports.console));
  await domains.setParam(domid, 'storePort', BigInt(ports.store));
}

/** What the guest would grant dom0 by itself if it ran: the daemons map these pages before. */
export async function seedGrants({ grants }: Hypervisor, domid: number, frames: MagicFrames): Promise<void> {
  const entry = (frame: bigint) => ({ flags: GRANT_PERMIT_ACCESS, domain: 0, frame: Number(frame) });
  await grants.seed(
    domid,
    new Map([
      [GRANT_REF_CONSOLE, entry(frames.console)],
      [GRANT_REF_XENSTORE, entry(frames.store)],
    ]),
  );
}
