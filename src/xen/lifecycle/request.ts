import { CellvisorError } from '../../errors';
import { waitForValue } from '../xenstore/wait';
import type { Xenstore } from '../xenstore/xenstore';

/** libxl's. */
const ACKNOWLEDGE_TIMEOUT_MS = 60_000;

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/**
 * Asks a domain to shut itself down, or to reboot, and waits until it has taken the request (xen-abi reference 15): it then does
 * so when it likes.
 *
 * @throws CellvisorError `E_XEN_DOMAIN`: ESRCH when there is no such domain, ETIMEDOUT when it does not take the request
 */
export async function requestShutdown(
  store: Xenstore,
  domid: number,
  request: 'poweroff' | 'reboot',
  { signal, timeoutMs = ACKNOWLEDGE_TIMEOUT_MS }: RequestOptions = {},
): Promise<void> {
  await checkDomain(store, domid, { signal });
  const node = `/local/domain/${domid}/control/shutdown`;
  await store.write(node, request, { signal });
  const { isTimedOut } = await waitForValue(store, node, (value) => !value, { timeoutMs, signal });
  if (!isTimedOut) return;
  // A request that nobody has taken must not be found by a kernel that boots later.
  await store.transaction(async (t) => {
    if ((await t.readIfThere(node)) === request) await t.write(node, '');
  });
  throw new CellvisorError(`domain ${domid} did not take the request to ${request} within ${timeoutMs / 1000} s`, {
    code: 'E_XEN_DOMAIN',
    operation: `asking domain ${domid} to ${request}`,
    errno: 'ETIMEDOUT',
    hint: 'does its kernel run, and does it have Xen support?',
  });
}

/** Presses a magic key in the domain, one letter. @throws CellvisorError `E_XEN_DOMAIN`, ESRCH */
export async function sendSysrq(store: Xenstore, domid: number, letter: string): Promise<void> {
  await checkDomain(store, domid);
  await store.write(`/local/domain/${domid}/control/sysrq`, letter);
}

/** A domain that a toolstack has made; or this one, which has no toolstack. */
export async function checkDomain(
  store: Xenstore,
  domid: number,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  if (domid === 0 || (await store.readIfThere(`/libxl/${domid}/type`, options)) !== undefined) return;
  throw new CellvisorError(`there is no domain ${domid}`, {
    code: 'E_XEN_DOMAIN',
    operation: `looking for domain ${domid}`,
    errno: 'ESRCH',
  });
}
