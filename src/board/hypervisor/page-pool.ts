import { KernelError } from '../../errors';

export const PAGE_SIZE = 4096;

/** How many whole pages `sizeBytes` take. */
export function pagesFor(sizeBytes: number): number {
  return Math.ceil(sizeBytes / PAGE_SIZE);
}

/** The hypervisor's own memory, counted in pages. Which page is which does not matter to anyone. */
export class PagePool {
  private used = 0;

  constructor(readonly sizePages: number) {}

  get usedPages(): number {
    return this.used;
  }

  /** @throws KernelError ENOMEM, with nothing taken */
  allocate(pages: number): void {
    if (this.used + pages > this.sizePages) {
      throw new KernelError('allocate hypervisor memory', 'ENOMEM');
    }
    this.used += pages;
  }

  free(pages: number): void {
    if (pages > this.used) {
      throw new RangeError(`${pages} pages freed of ${this.used} in use`);
    }
    this.used -= pages;
  }
}
