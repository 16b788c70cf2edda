import { decodeTransactionId, encodeTexts } from '../../abi/xenstore';
import { isXenstoreErrno, xenstoreError } from './errors';
import { Nodes } from './nodes';
import type { RequestName } from '../../abi/xenstore';
import type { CallOptions } from './nodes';
import type { Connection, RequestOptions } from './connection';

/** Others would have to change the same nodes at the same time again and again. */
const MAX_ATTEMPTS = 50;
const LONGEST_PAUSE_MS = 20;

/** Nodes as they were when the transaction began, with its own changes. */
export class Transaction extends Nodes {
  private isOver = false;

  private constructor(
    protected readonly connection: Connection,
    protected readonly transactionId: number,
  ) {
    super();
  }

  /** Carries out `body` as one change that others see whole or not at all. For {@link Xenstore.transaction}. */
  static async run<T>(
    connection: Connection,
    body: (transaction: Transaction) => Promise<T>,
    options: CallOptions,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await Transaction.attempt(connection, body, options);
      if (outcome !== 'conflict') return outcome.result;
      if (attempt === MAX_ATTEMPTS) {
        const hint = `other programs changed the same nodes during each of ${MAX_ATTEMPTS} attempts`;
        throw xenstoreError('transaction', 'EAGAIN', hint);
      }
      // Programs that ran into each other must not do so again in step.
      if (attempt > 3) await pause(Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE_MS));
    }
  }

  private static async attempt<T>(
    connection: Connection,
    body: (transaction: Transaction) => Promise<T>,
    options: CallOptions,
  ): Promise<{ readonly result: T } | 'conflict'> {
    const transaction = await Transaction.start(connection, options);
    let result: T;
    try {
      result = await body(transaction);
      if (options.signal?.aborted) throw xenstoreError('transaction', 'EINTR');
    } catch (error) {
      await transaction.drop();
      // Some xenstored notice a conflict before the end.
      if (isXenstoreErrno(error, 'EAGAIN') && !options.signal?.aborted) return 'conflict';
      throw error;
    }
    try {
      // Not to be aborted: whether it took effect must be known.
      await transaction.end('T');
      return { result };
    } catch (error) {
      if (isXenstoreErrno(error, 'EAGAIN')) return 'conflict';
      throw error;
    }
  }

  private static async start(connection: Connection, { signal }: CallOptions): Promise<Transaction> {
    const payload = await connection.request('transactionStart', encodeTexts(''), {
      what: 'starting a transaction',
      signal,
      takeBack: (answer) => void new Transaction(connection, decodeTransactionId(answer)).drop(),
    });
    return new Transaction(connection, decodeTransactionId(payload));
  }

  protected override request(name: RequestName, payload: Uint8Array, options: RequestOptions): Promise<Uint8Array> {
    if (this.isOver) return Promise.reject(xenstoreError(options.what, 'EINVAL', 'the transaction is over'));
    return super.request(name, payload, options);
  }

  private async end(mark: 'T' | 'F'): Promise<void> {
    const ending = this.request('transactionEnd', encodeTexts(mark), { what: 'ending a transaction' });
    this.isOver = true;
    await ending;
  }

  /** Whatever made this necessary is the error to report. */
  private async drop(): Promise<void> {
    await this.end('F').catch(() => undefined);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
