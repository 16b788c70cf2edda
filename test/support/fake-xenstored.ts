import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  decodeTexts,
  decodeWrite,
  encodeMessage,
  encodeTexts,
  MAX_PAYLOAD_BYTES,
  MessageDecoder,
  MessageType,
} from '../../src/abi/xenstore';
import type { Server, Socket } from 'node:net';
import type { Message } from '../../src/abi/xenstore';

interface Node {
  value: Buffer;
  permissions: string[];
  readonly children: Map<string, Node>;
}

interface Client {
  readonly socket: Socket;
  watches: { readonly path: string; readonly token: string }[];
  readonly transactions: Map<number, { root: Node; startedAt: number; changed: string[] }>;
}

class Refusal extends Error {}

/** A xenstored in this process, for tests: as much of it as the contract suite asks of the real one. */
export class FakeXenstored {
  readonly folder = mkdtempSync(join(tmpdir(), 'cellvisor-xenstored-'));
  readonly socketPath = join(this.folder, 'socket');
  /** Every request but reads, as `WRITE /path value`. */
  readonly log: string[] = [];
  /** Called after each change that took effect: how a test plays a backend, a guest, or xenconsoled. */
  onChange: ((path: string, value: string | undefined) => void) | undefined;
  private root = newNode();
  private changes = 0;
  private nextTransaction = 1;
  private readonly clients = new Set<Client>();
  private readonly introduced = new Set<number>([0]);

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeXenstored> {
    const server = createServer();
    const store = new FakeXenstored(server);
    server.on('connection', (socket) => store.serve(socket));
    await new Promise<void>((resolve) => server.listen(store.socketPath, resolve));
    return store;
  }

  async stop(): Promise<void> {
    this.dropClients();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true });
  }

  /** Ends every connection, as a xenstored does that is killed. */
  dropClients(): void {
    for (const { socket } of this.clients) socket.destroy();
  }

  get watchCount(): number {
    return [...this.clients].reduce((sum, { watches }) => sum + watches.length, 0);
  }

  get transactionCount(): number {
    return [...this.clients].reduce((sum, { transactions }) => sum + transactions.size, 0);
  }

  /** What `xenstore-ls -fp` prints: `/path = "value"   (n0,r5)`. */
  list(path = ''): string[] {
    const node = find(this.root, path || '/');
    if (node === undefined) return [];
    const below = [...node.children.keys()].flatMap((name) => this.list(`${path}/${name}`));
    return path === '' ? below : [`${path} = "${node.value.toString()}"   (${node.permissions.join(',')})`, ...below];
  }

  read(path: string): string | undefined {
    return find(this.root, path)?.value.toString();
  }

  /** Changes a node as another client would. */
  write(path: string, value: string): void {
    make(this.root, path).value = Buffer.from(value);
    this.changed(path);
  }

  remove(path: string): void {
    if (unlink(this.root, path)) this.changed(path);
  }

  /** A domain ended: fires the watches for it. */
  releaseDomain(domid: number): void {
    this.introduced.delete(domid);
    this.fire('@releaseDomain');
  }

  private serve(socket: Socket): void {
    const client: Client = { socket, watches: [], transactions: new Map() };
    const decoder = new MessageDecoder();
    this.clients.add(client);
    socket.on('close', () => this.clients.delete(client));
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const message of decoder.push(chunk)) this.answer(client, message);
    });
  }

  private answer(client: Client, message: Message): void {
    const { type, requestId, transactionId } = message;
    const reply = (answerType: number, payload: Uint8Array) =>
      client.socket.write(encodeMessage({ type: answerType, requestId, transactionId, payload }));
    try {
      reply(type, this.handle(client, message));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reply(MessageType.error, encodeTexts(error.message));
      return;
    }
    if (type === MessageType.watch) {
      const [path = '', token = ''] = decodeTexts(message.payload);
      sendEvent(client, path, token);
    }
  }

  private handle(client: Client, message: Message): Uint8Array {
    const { type, transactionId } = message;
    const transaction = transactionId === 0 ? undefined : client.transactions.get(transactionId);
    if (transactionId !== 0 && transaction === undefined) throw new Refusal('ENOENT');
    const root = transaction?.root ?? this.root;
    const OK = encodeTexts('OK');
    const node = (path: string) => {
      const found = find(root, path);
      if (found === undefined) throw new Refusal('ENOENT');
      return found;
    };
    const note = (path: string) => {
      if (transaction) transaction.changed.push(path);
      else this.changed(path);
    };
    if (type === MessageType.write) {
      const { path, value } = decodeWrite(message.payload);
      if (/[^-\w/@]|\/\/|.\/$/.test(path) || path.length > 3072) throw new Refusal('EINVAL');
      this.log.push(`WRITE ${path} ${Buffer.from(value).toString()}`);
      make(root, path).value = Buffer.from(value);
      note(path);
      return OK;
    }
    const [path = '', ...more] = decodeTexts(message.payload);
    switch (type) {
      case MessageType.read:
        return node(path).value;
      case MessageType.directory: {
        const names = encodeTexts(...node(path).children.keys());
        if (names.length > MAX_PAYLOAD_BYTES) throw new Refusal('E2BIG');
        return names;
      }
      case MessageType.directoryPart:
        return part([...node(path).children.keys()], Number(more[0]), this.changes);
      case MessageType.getPermissions:
        return encodeTexts(...node(path).permissions);
      case MessageType.setPermissions:
        this.log.push(`SET_PERMS ${path} ${more.join(',')}`);
        node(path).permissions = more;
        note(path);
        return OK;
      case MessageType.mkdir:
        this.log.push(`MKDIR ${path}`);
        if (find(root, path) === undefined) {
          make(root, path);
          note(path);
        }
        return OK;
      case MessageType.rm:
        this.log.push(`RM ${path}`);
        // As xenstored: only a missing parent is an error.
        if (find(root, path.slice(0, path.lastIndexOf('/')) || '/') === undefined) throw new Refusal('ENOENT');
        if (unlink(root, path)) note(path);
        return OK;
      case MessageType.watch:
        if (client.watches.some((one) => one.path === path && one.token === more[0])) throw new Refusal('EEXIST');
        client.watches.push({ path, token: more[0] as string });
        return OK;
      case MessageType.unwatch: {
        const left = client.watches.filter((one) => one.path !== path || one.token !== more[0]);
        if (left.length === client.watches.length) throw new Refusal('ENOENT');
        client.watches = left;
        return OK;
      }
      case MessageType.transactionStart: {
        const id = this.nextTransaction++;
        client.transactions.set(id, { root: copy(this.root), startedAt: this.changes, changed: [] });
        return encodeTexts(String(id));
      }
      case MessageType.transactionEnd:
        this.endTransaction(client, transactionId, path === 'T');
        return OK;
      case MessageType.introduce:
        this.log.push(`INTRODUCE ${[path, ...more].join(' ')}`);
        this.introduced.add(Number(path));
        this.fire('@introduceDomain');
        return OK;
      case MessageType.release:
        this.log.push(`RELEASE ${path}`);
        if (!this.introduced.has(Number(path))) throw new Refusal('ENOENT');
        this.releaseDomain(Number(path));
        return OK;
      case MessageType.getDomainPath:
        return encodeTexts(`/local/domain/${path}`);
      case MessageType.isDomainIntroduced:
        return encodeTexts(this.introduced.has(Number(path)) ? 'T' : 'F');
      case MessageType.resetWatches:
        client.watches = [];
        client.transactions.clear();
        return OK;
      default:
        throw new Refusal('ENOSYS');
    }
  }

  /** Any change since the start is a conflict: stricter than xenstored, which looks at what the transaction read. */
  private endTransaction(client: Client, id: number, isCommit: boolean): void {
    const transaction = client.transactions.get(id);
    if (transaction === undefined) throw new Refusal('ENOENT');
    client.transactions.delete(id);
    if (!isCommit) return;
    if (this.changes !== transaction.startedAt) throw new Refusal('EAGAIN');
    this.root = transaction.root;
    for (const path of transaction.changed) this.changed(path);
  }

  private changed(path: string): void {
    this.changes++;
    this.fire(path);
    this.onChange?.(path, this.read(path));
  }

  /** Fires the watches of a path, or of a special one such as `@releaseDomain`. */
  fire(path: string): void {
    for (const client of this.clients) {
      for (const { path: watched, token } of client.watches) {
        const isBelow = path.startsWith(`${watched}/`) || watched === '/';
        // The removal of a folder is an event for what was watched below it.
        const isAbove = watched.startsWith(`${path}/`) && find(this.root, path) === undefined;
        if (path === watched || isBelow || isAbove) sendEvent(client, isAbove ? watched : path, token);
      }
    }
  }
}

function sendEvent({ socket }: Client, path: string, token: string): void {
  const payload = encodeTexts(path, token);
  socket.write(encodeMessage({ type: MessageType.watchEvent, requestId: 0, transactionId: 0, payload }));
}

/** As many whole names as fit behind the generation; an empty one after the last (xen-abi reference 12). */
function part(names: readonly string[], offset: number, changes: number): Uint8Array {
  const generation = encodeTexts(String(changes));
  const list = Buffer.from(encodeTexts(...names)).subarray(offset);
  const room = MAX_PAYLOAD_BYTES - generation.length - 1;
  const end = list.length <= room ? list.length : list.lastIndexOf(0, room - 1) + 1;
  const mark = end === list.length ? [Buffer.from([0])] : [];
  return Buffer.concat([generation, list.subarray(0, end), ...mark]);
}

function newNode(): Node {
  return { value: Buffer.alloc(0), permissions: ['n0'], children: new Map() };
}

function copy(node: Node): Node {
  const children = new Map([...node.children].map(([name, child]) => [name, copy(child)]));
  return { value: node.value, permissions: node.permissions, children };
}

function namesOf(path: string): string[] {
  const absolute = path.startsWith('/') ? path : `/local/domain/0/${path}`;
  return absolute.split('/').filter((name) => name !== '');
}

function find(root: Node, path: string): Node | undefined {
  let node: Node | undefined = root;
  for (const name of namesOf(path)) node = node?.children.get(name);
  return node;
}

function make(root: Node, path: string): Node {
  let node = root;
  for (const name of namesOf(path)) {
    let child = node.children.get(name);
    if (child === undefined) {
      child = { ...newNode(), permissions: node.permissions };
      node.children.set(name, child);
    }
    node = child;
  }
  return node;
}

function unlink(root: Node, path: string): boolean {
  const names = namesOf(path);
  const name = names.pop() as string;
  const parent = find(root, `/${names.join('/')}`);
  return parent?.children.delete(name) ?? false;
}
