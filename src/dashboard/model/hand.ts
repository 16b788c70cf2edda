/** A cell that something is done to. By its id: another may have its name by then. */
export interface Target {
  readonly id: number;
  readonly name: string;
}

/** What a person can do to a board. Each is a call of the library: see hands/perform. */
export type Hand =
  | { readonly kind: 'start' | 'shutdown' | 'destroy'; readonly cells: readonly Target[] }
  | { readonly kind: 'load'; readonly cell: Target; readonly path: string; readonly address: bigint }
  | { readonly kind: 'create'; readonly path: string; readonly config: Uint8Array }
  | { readonly kind: 'enable'; readonly path: string; readonly config: Uint8Array }
  | { readonly kind: 'disable' };

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
  }
}

export function names(cells: readonly Target[]): string {
  return cells.map(({ name }) => name).join(', ');
}
