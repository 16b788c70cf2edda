import { decodeText, decodeTruth, encodeTexts, faultOfWatchPath } from '../../abi/xenstore';
import { Connection } from './connection';
import { xenstoreError } from './errors';
import { Nodes } from './nodes';
import { Transaction } from './transaction';
import { Watch } from './watch';
import type { Transport } from '../../wire/transport';
import type { CallOptions } from './nodes';

/**
 * A connection to xenstore. Every call rejects with a KernelError `E_XENSTORE`; its errno is xenstored's, ECONNRESET for all calls
 * once xenstored has gone, and EINTR where the call's signal aborted.
 */
export class Xenstore extends Nodes {
  protected readonly transactionId = 0;

  private constructor(protected readonly connection: Connection) {
    super();
  }

  /**
   * @param transport a stream that speaks the protocol; see `openXenstore` for those of this machine
   * @param isShared it goes through this domain's kernel, which has watches of its own in the same connection
   */
  static over(transport: Transport, isShared: boolean): Xenstore {
    return new Xenstore(new Connection(transport, isShared));
  }

  get isOpen(): boolean {
    return this.connection.isOpen;
  }

  /**
   * Carries out `body` as one change that others see whole or not at all; again from its start when others have changed what
   * it read. So it must do nothing but read and write nodes of the transaction it is given. When it throws, or the signal
   * aborts before its end, nothing is changed.
   */
  transaction<T>(body: (transaction: Transaction) => Promise<T>, options: CallOptions = {}): Promise<T> {
    return Transaction.run(this.connection, body, options);
  }

  /**
   * Watches a node and all below it, or `@introduceDomain` or `@releaseDomain` (a domain came, or ended or was shut down: which
   * one must be looked up). The signal ends the watch.
   */
  async watch(path: string, { signal }: CallOptions = {}): Promise<Watch> {
    const fault = faultOfWatchPath(path);
    if (fault !== undefined) {
      throw xenstoreError(`watching ${path}`, 'EINVAL', `this cannot be watched: ${fault}`);
    }
    return Watch.open(this.connection, path, signal);
  }

  /** Tells xenstored of a new domain: its xenstore page's frame and event channel. */
  async introduce(domid: number, frame: bigint, port: number, options: CallOptions = {}): Promise<void> {
    const payload = encodeTexts(String(domid), String(frame), String(port));
    await this.request('introduce', payload, { what: `introducing domain ${domid}`, signal: options.signal });
  }

  async release(domid: number, options: CallOptions = {}): Promise<void> {
    await this.ofDomain('release', domid, `releasing domain ${domid}`, options);
  }

  /** `/local/domain/N`, whether there is such a domain or not. */
  async domainPath(domid: number, options: CallOptions = {}): Promise<string> {
    return decodeText(await this.ofDomain('getDomainPath', domid, `asking for the path of domain ${domid}`, options));
  }

  async isIntroduced(domid: number, options: CallOptions = {}): Promise<boolean> {
    return decodeTruth(await this.ofDomain('isDomainIntroduced', domid, `asking for domain ${domid}`, options));
  }

  /**
   * Drops all watches and transactions of this connection. EOPNOTSUPP over /dev/xen/xenbus: there it would end the watches of
   * this domain's kernel.
   */
  async resetWatches(options: CallOptions = {}): Promise<void> {
    const what = 'dropping all watches';
    if (this.connection.isShared) {
      throw xenstoreError(what, 'EOPNOTSUPP', "through the kernel this would end the kernel's own watches");
    }
    await this.request('resetWatches', encodeTexts(''), { what, signal: options.signal });
  }

  /** Ends the connection: its watches, its transactions, and whatever waits. */
  close(): void {
    this.connection.close();
  }

  private ofDomain(
    name: 'release' | 'getDomainPath' | 'isDomainIntroduced',
    domid: number,
    what: string,
    { signal }: CallOptions,
  ): Promise<Uint8Array> {
    return this.request(name, encodeTexts(String(domid)), { what, signal });
  }
}
