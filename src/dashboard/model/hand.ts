/** A cell, or a domain, that something is done to. By its id: another may have its name by then. */
export interface Target {
  readonly id: number;
  readonly name: string;
}

/** What a person can do to domains of Xen. */
export interface DomainHand {
  readonly kind: 'domain';
  readonly action: DomainAction;
  readonly domains: readonly Target[];
}

export type DomainAction = 'pause' | 'unpause' | 'shutdown' | 'reboot' | 'destroy';

/** What a person can do to a board with Jailhouse. Each is a call of the library: see hands/perform. */
export type CellHand =
  | { readonly kind: 'start' | 'shutdown' | 'destroy'; readonly cells: readonly Target[] }
  | { readonly kind: 'load'; readonly cell: Target; readonly path: string; readonly address: bigint }
  | { readonly kind: 'create'; readonly path: string; readonly config: Uint8Array }
  | { readonly kind: 'enable'; readonly path: string; readonly config: Uint8Array }
  | { readonly kind: 'disable' };

export type Hand = CellHand | DomainHand;

/** As in `destroying gic-demo`. */
export function handInWords(hand: Hand): string {
  switch (hand.kind) {
    case 'start':
      return `starting ${names(hand.cells)}`;
    case 'shutdown':
      return `shutting down ${names(hand.cells)}`;
    case 'destroy':
      return `destroying ${names(hand.cells)}`;
    case 'load':
      return `loading ${hand.path} into ${hand.cell.name}`;
    case 'create':
      return `creating a cell from ${hand.path}`;
    case 'enable':
      return `enabling Jailhouse with ${hand.path}`;
    case 'disable':
      return 'disabling Jailhouse';
    case 'domain':
      return `${DOMAIN_WORDS[hand.action]} ${names(hand.domains)}`;
  }
}

const DOMAIN_WORDS: Readonly<Record<DomainAction, string>> = {
  pause: 'pausing',
  unpause: 'unpausing',
  shutdown: 'asking to shut down:',
  reboot: 'asking to reboot:',
  destroy: 'destroying',
};

export function names(cells: readonly Target[]): string {
  return cells.map(({ name }) => name).join(', ');
}
