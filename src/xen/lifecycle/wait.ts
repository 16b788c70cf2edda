import { endOf } from './end';
import type { Xenstore } from '../xenstore/xenstore';
import type { DomainEnd } from './end';

/** As much of Xen as tells whether a domain lives: `Hypervisor.domains`. */
export interface DomainSource {
  info(domid: number): Promise<{ readonly flags: number } | undefined>;
}

/**
 * Waits until a domain has ended. Xen tells of ends without saying whose (xen-abi reference 12), so it is looked up after each.
 * @throws KernelError EINTR when the signal aborts; ECONNRESET when xenstored goes away
 */
export async function waitForEnd(
  store: Xenstore,
  domains: DomainSource,
  domid: number,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<DomainEnd> {
  const watch = await store.watch('@releaseDomain', options);
  try {
    for (;;) {
      await watch.next();
      const end = endOf(await domains.info(domid));
      if (end !== undefined) return end;
    }
  } finally {
    await watch.close();
  }
}
