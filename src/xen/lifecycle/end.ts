import { DOMINF } from '../../abi/xen/domctl/domain';
import { SHUTDOWN_REASONS } from '../../abi/xen/sched';
import type { ShutdownReason } from '../../abi/xen/sched';
import type { EndAction, EndActions } from '../config/domain-config';

const REASON_SHIFT = 16;

/** How a domain ended; `destroyed` by somebody else: nothing of it is left to act on. */
export type DomainEnd = ShutdownReason | 'destroyed';

/**
 * Whether a domain has ended, by what Xen says of it (xen-abi reference 5 and 7).
 * @param info undefined: there is no such domain any more
 * @returns undefined while it lives
 */
export function endOf(info: { readonly flags: number } | undefined): DomainEnd | undefined {
  if (info === undefined || (info.flags & DOMINF.dying) !== 0) return 'destroyed';
  if ((info.flags & DOMINF.shutdown) === 0) return undefined;
  // A reason of a newer Xen: as bad as a crash.
  return SHUTDOWN_REASONS[(info.flags >> REASON_SHIFT) & 0xff] ?? 'crash';
}

/** What is done about a domain that ended, in this order: dump, then the old domain, then a new one. */
export interface FollowUp {
  readonly dumpsCore: boolean;
  readonly oldDomain: 'destroy' | 'preserve' | 'rename' | 'soft-reset';
  readonly createsNew: boolean;
}

const FOLLOW_UPS: Readonly<Record<EndAction, FollowUp>> = {
  destroy: { dumpsCore: false, oldDomain: 'destroy', createsNew: false },
  restart: { dumpsCore: false, oldDomain: 'destroy', createsNew: true },
  'rename-restart': { dumpsCore: false, oldDomain: 'rename', createsNew: true },
  preserve: { dumpsCore: false, oldDomain: 'preserve', createsNew: false },
  'coredump-destroy': { dumpsCore: true, oldDomain: 'destroy', createsNew: false },
  'coredump-restart': { dumpsCore: true, oldDomain: 'destroy', createsNew: true },
  'soft-reset': { dumpsCore: false, oldDomain: 'soft-reset', createsNew: false },
};

/**
 * What a domain's configuration wants done at its end, by name (xl.cfg(5), "Event actions").
 * @returns undefined where there is nothing to do: it was destroyed, or suspended by whoever will resume it
 */
export function actionAt(end: DomainEnd, actions: EndActions): EndAction | undefined {
  switch (end) {
    case 'destroyed':
    case 'suspend':
      return undefined;
    case 'soft_reset':
      return actions.softReset;
    default:
      return actions[end];
  }
}

/** The same, in steps. */
export function followUpOf(end: DomainEnd, actions: EndActions): FollowUp | undefined {
  const action = actionAt(end, actions);
  return action && FOLLOW_UPS[action];
}
