import { CellvisorError } from '../errors';
import type { Kernel } from './kernel';

/**
 * The link to another machine, `E_LINK`: not there, or lost while a call was under way. No KernelError: no kernel answered,
 * and what was to be read may well exist.
 */
export class LinkError extends CellvisorError {
  constructor(host: string, reason: string, hint?: string) {
    super(`${host}: ${reason}`, { code: 'E_LINK', operation: `reaching ${host}`, hint });
  }
}

/** How the link to another machine is. What was read before a loss is stale while it is not `connected`. */
export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** The next attempt begins `nextInMs` after this state did. */
  | (Loss & { readonly kind: 'lost'; readonly nextInMs: number })
  | (Loss & { readonly kind: 'reconnecting' });

interface Loss {
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
  /** One line: why the link was lost, or could not be made again. */
  readonly reason: string;
  /** What to do about it, where that is known. */
  readonly hint?: string | undefined;
  /** Of this loss, from 1. */
  readonly attempt: number;
}

export interface Link {
  readonly state: LinkState;
  /** @returns ends it */
  onChange(listener: (state: LinkState) => void): () => void;
}

/** One of the boards that are looked at together. */
export interface NamedKernel {
  /** What a person calls it: the host as it was given, the emulated board's name, or `this board`. */
  readonly name: string;
  readonly kernel: Kernel;
  /** Absent for a board that needs none. */
  readonly link?: Link | undefined;
}
