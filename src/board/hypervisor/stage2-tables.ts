import type { PagePool } from './page-pool';

/** 4 KiB pages; a table has 512 entries; a level 2 entry is a block of 2 MiB or a level 3 table. */
const ENTRIES = 512;
const BLOCK_PAGES = ENTRIES;
/** A level 1 entry covers 1 GiB. It always points to a level 2 table: blocks of 1 GiB are not used. */
const GIB_PAGES = ENTRIES * BLOCK_PAGES;
const PAGE_SHIFT = 12n;
const LEVEL_1_BITS = 39;
/** From here on the tables start at level 0; below, level 1 tables are concatenated (jailhouse-hypervisor reference 2). */
const LEVEL_0_FROM_BITS = 44;

type Level3 = { readonly present: Uint8Array; count: number };
type Level2 = { readonly entries: (undefined | 'block' | Level3)[]; count: number };

/**
 * The shape of a cell's stage 2 page tables: which tables exist, and so how many pages they take from the pool. What the
 * entries point to is the machine's business. All addresses are in bytes and page aligned.
 */
export class Stage2Tables {
  private readonly gibs = new Map<number, Level2>();
  /** Only with a level 0: how many level 2 tables each level 1 table points to. */
  private readonly level1 = new Map<number, number>();
  private readonly rootPages: number;
  private readonly gibMask: number;

  /** @throws KernelError ENOMEM */
  constructor(
    private readonly pool: PagePool,
    private readonly addressBits: number,
  ) {
    this.rootPages = this.hasLevel0 ? 1 : 2 ** Math.max(0, addressBits - LEVEL_1_BITS);
    this.gibMask = 2 ** (addressBits - 30) - 1;
    pool.allocate(this.rootPages);
  }

  /**
   * Maps a range, by blocks where both addresses allow it. A finer mapping that a block replaces is given up.
   *
   * @throws KernelError ENOMEM, with part of the range mapped
   */
  map(virtStart: bigint, physStart: bigint, sizeBytes: bigint): void {
    let page = pageNumber(virtStart);
    const distance = pageNumber(physStart) - page;
    const end = page + this.pagesOf(sizeBytes);
    while (page < end) {
      const blocks = page % BLOCK_PAGES === 0 && distance % BLOCK_PAGES === 0 && end - page >= BLOCK_PAGES;
      page = blocks ? this.setBlocks(page, end) : this.setPages(page, end);
    }
  }

  /** Maps every page of a range to one and the same page, as is done with the hypervisor's memory in the root cell. */
  mapToOnePage(virtStart: bigint, sizeBytes: bigint): void {
    let page = pageNumber(virtStart);
    const end = page + this.pagesOf(sizeBytes);
    while (page < end) {
      page = this.setPages(page, end);
    }
  }

  /**
   * Unmaps what is mapped of a range; tables that become empty are freed.
   *
   * @throws KernelError ENOMEM when a block would have to be split and there is no page for that
   */
  unmap(virtStart: bigint, sizeBytes: bigint): void {
    let page = pageNumber(virtStart);
    const end = page + this.pagesOf(sizeBytes);
    while (page < end) {
      const level2 = this.gibs.get(this.gibOf(page));
      const slot = slotOf(page);
      const entry = level2?.entries[slot];
      const wholeBlock = page % BLOCK_PAGES === 0 && end - page >= BLOCK_PAGES;
      if (!level2) {
        page = nextMultiple(page, GIB_PAGES);
      } else if (entry === undefined) {
        page = nextMultiple(page, BLOCK_PAGES);
      } else if (entry === 'block' && wholeBlock) {
        this.clearSlot(page, level2);
        page += BLOCK_PAGES;
      } else {
        page = this.clearPages(page, end, level2, entry === 'block' ? this.newLevel3(page, level2, true) : entry);
      }
    }
  }

  /** Frees all tables. */
  release(): void {
    for (const level2 of this.gibs.values()) {
      this.pool.free(1 + level2.entries.filter((entry) => typeof entry === 'object').length);
    }
    this.pool.free(this.rootPages + this.level1.size);
    this.gibs.clear();
    this.level1.clear();
  }

  private get hasLevel0(): boolean {
    return this.addressBits >= LEVEL_0_FROM_BITS;
  }

  /** A range is at most the whole address space: what goes beyond would wrap around in the tables. */
  private pagesOf(sizeBytes: bigint): number {
    const limit = 1n << BigInt(this.addressBits);
    return pageNumber(sizeBytes < limit ? sizeBytes : limit);
  }

  private gibOf(page: number): number {
    return Math.floor(page / GIB_PAGES) & this.gibMask;
  }

  /** Sets blocks of one level 2 table, up to the last whole one before `end`. @returns the page behind them */
  private setBlocks(page: number, end: number): number {
    const level2 = this.level2For(page);
    const first = slotOf(page);
    const next = Math.min(ENTRIES, first + Math.floor((end - page) / BLOCK_PAGES));
    for (let slot = first; slot < next; slot++) {
      const entry = level2.entries[slot];
      if (entry === undefined) {
        level2.count++;
      } else if (entry !== 'block') {
        this.pool.free(1);
      }
      level2.entries[slot] = 'block';
    }
    return page + (next - first) * BLOCK_PAGES;
  }

  /** Sets entries of one level 3 table, up to `end` or the table's end. @returns the page behind them */
  private setPages(page: number, end: number): number {
    const level2 = this.level2For(page);
    const entry = level2.entries[slotOf(page)];
    const level3 = typeof entry === 'object' ? entry : this.newLevel3(page, level2, entry === 'block');
    const next = Math.min(end, nextMultiple(page, BLOCK_PAGES));
    for (let index = page % ENTRIES; index < (page % ENTRIES) + next - page; index++) {
      level3.count += 1 - (level3.present[index] as number);
      level3.present[index] = 1;
    }
    return next;
  }

  /** The reverse of {@link setPages}; a table without entries is freed. */
  private clearPages(page: number, end: number, level2: Level2, level3: Level3): number {
    const next = Math.min(end, nextMultiple(page, BLOCK_PAGES));
    for (let index = page % ENTRIES; index < (page % ENTRIES) + next - page; index++) {
      level3.count -= level3.present[index] as number;
      level3.present[index] = 0;
    }
    if (level3.count === 0) {
      this.pool.free(1);
      this.clearSlot(page, level2);
    }
    return next;
  }

  private clearSlot(page: number, level2: Level2): void {
    level2.entries[slotOf(page)] = undefined;
    level2.count--;
    this.freeIfEmpty(page, level2);
  }

  private freeIfEmpty(page: number, level2: Level2): void {
    if (level2.count > 0) {
      return;
    }
    const gib = this.gibOf(page);
    this.gibs.delete(gib);
    this.pool.free(1);
    if (this.hasLevel0) {
      const table = Math.floor(gib / ENTRIES);
      const left = (this.level1.get(table) as number) - 1;
      this.level1.set(table, left);
      if (left === 0) {
        this.level1.delete(table);
        this.pool.free(1);
      }
    }
  }

  private newLevel3(page: number, level2: Level2, full: boolean): Level3 {
    try {
      this.pool.allocate(1);
    } catch (error) {
      this.freeIfEmpty(page, level2);
      throw error;
    }
    const slot = slotOf(page);
    const level3 = { present: new Uint8Array(ENTRIES).fill(full ? 1 : 0), count: full ? ENTRIES : 0 };
    if (level2.entries[slot] === undefined) {
      level2.count++;
    }
    level2.entries[slot] = level3;
    return level3;
  }

  private level2For(page: number): Level2 {
    const gib = this.gibOf(page);
    const existing = this.gibs.get(gib);
    if (existing) {
      return existing;
    }
    const table = Math.floor(gib / ENTRIES);
    const needsLevel1 = this.hasLevel0 && !this.level1.has(table);
    this.pool.allocate(needsLevel1 ? 2 : 1);
    if (this.hasLevel0) {
      this.level1.set(table, (this.level1.get(table) ?? 0) + 1);
    }
    const level2: Level2 = { entries: new Array<undefined>(ENTRIES).fill(undefined), count: 0 };
    this.gibs.set(gib, level2);
    return level2;
  }
}

function pageNumber(address: bigint): number {
  return Number(address >> PAGE_SHIFT);
}

function slotOf(page: number): number {
  return Math.floor(page / BLOCK_PAGES) % ENTRIES;
}

function nextMultiple(page: number, step: number): number {
  return (Math.floor(page / step) + 1) * step;
}
