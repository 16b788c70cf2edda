import {
  decodeDirectoryPart,
  decodePermissions,
  decodeTexts,
  decodeValue,
  encodePermissions,
  encodeTexts,
  encodeWrite,
  faultOfPath,
} from '../../abi/xenstore';
import { isXenstoreErrno, xenstoreError } from './errors';
import type { Permissions, RequestName } from '../../abi/xenstore';
import type { Connection, RequestOptions } from './connection';

export interface CallOptions {
  /** Aborting makes the call fail with EINTR. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What can be done with nodes, by itself or within a transaction. Paths are absolute, or relative to this domain's own
 * folder. Every call rejects with a KernelError `E_XENSTORE`: its errno is xenstored's (ENOENT, EACCES, ENOSPC ...), or EINVAL for
 * a path and E2BIG for a value that xenstored would refuse, which are not sent.
 */
export abstract class Nodes {
  protected abstract readonly connection: Connection;
  protected abstract readonly transactionId: number;

  /** A node's value as text. */
  async read(path: string, options: CallOptions = {}): Promise<string> {
    return decodeValue(await this.readBytes(path, options));
  }

  /** A node's value as it is: any bytes. */
  readBytes(path: string, options: CallOptions = {}): Promise<Uint8Array> {
    return this.ask('read', path, [], `reading ${path}`, options);
  }

  /** A node's value, or undefined where there is no such node. */
  readIfThere(path: string, options: CallOptions = {}): Promise<string | undefined> {
    return ifThere(this.read(path, options));
  }

  /** Makes the node where it is missing, and its parents. */
  async write(path: string, value: string | Uint8Array, options: CallOptions = {}): Promise<void> {
    const what = `writing ${path}`;
    checkPath(path, what);
    await this.request('write', encodeWrite(path, value), { what, signal: options.signal });
  }

  /** An empty node, and its parents; a node that is there keeps its value. */
  async mkdir(path: string, options: CallOptions = {}): Promise<void> {
    await this.ask('mkdir', path, [], `making ${path}`, options);
  }

  /** Removes a node and all below it. One that is not there is no error, as with xenstored where its parent is there. */
  async rm(path: string, options: CallOptions = {}): Promise<void> {
    await ifThere(this.ask('rm', path, [], `removing ${path}`, options));
  }

  /** Names of the nodes right below this one, as many as there are. */
  async directory(path: string, options: CallOptions = {}): Promise<string[]> {
    const what = `listing ${path}`;
    try {
      return decodeTexts(await this.ask('directory', path, [], what, options));
    } catch (error) {
      if (!isXenstoreErrno(error, 'E2BIG')) throw error;
      return this.longDirectory(path, what, options);
    }
  }

  /** The same, and no names where there is no such node. */
  async directoryIfThere(path: string, options: CallOptions = {}): Promise<string[]> {
    return (await ifThere(this.directory(path, options))) ?? [];
  }

  async getPermissions(path: string, options: CallOptions = {}): Promise<Permissions> {
    const payload = await this.ask('getPermissions', path, [], `reading the permissions of ${path}`, options);
    return decodePermissions(decodeTexts(payload));
  }

  async setPermissions(path: string, permissions: Permissions, options: CallOptions = {}): Promise<void> {
    const what = `setting the permissions of ${path}`;
    await this.ask('setPermissions', path, encodePermissions(permissions), what, options);
  }

  protected request(name: RequestName, payload: Uint8Array, options: RequestOptions): Promise<Uint8Array> {
    return this.connection.request(name, payload, { transactionId: this.transactionId, ...options });
  }

  private async ask(
    name: RequestName,
    path: string,
    more: readonly string[],
    what: string,
    { signal }: CallOptions,
  ): Promise<Uint8Array> {
    checkPath(path, what);
    return this.request(name, encodeTexts(path, ...more), { what, signal });
  }

  /** Part by part (DIRECTORY_PART); from the start again when the directory changes between two parts. */
  private async longDirectory(path: string, what: string, options: CallOptions): Promise<string[]> {
    let names: string[] = [];
    let offset = 0;
    let generation: string | undefined;
    for (;;) {
      const part = decodeDirectoryPart(await this.ask('directoryPart', path, [String(offset)], what, options));
      if (generation !== undefined && part.generation !== generation) {
        [names, offset, generation] = [[], 0, undefined];
        continue;
      }
      generation = part.generation;
      offset += part.lengthBytes;
      names = names.concat(part.names);
      if (part.isLast) return names;
    }
  }
}

async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isXenstoreErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function checkPath(path: string, what: string): void {
  const fault = faultOfPath(path);
  if (fault !== undefined) throw xenstoreError(what, 'EINVAL', `this is no path: ${fault}`);
}
