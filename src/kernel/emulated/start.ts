import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { KernelError, CellvisorError } from '../../errors';
import { loadSyscalls } from '../../native/syscalls';
import { boardDaemonProgram, boardPaths, checkBoardDirectory, createBoardDirectory } from '../../paths';
import { SocketTransport } from '../../wire/socket-transport';
import { Connection } from './connection';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { BoardPaths } from '../../paths';

/** A board that takes longer than this to power on is given up. It takes a tenth of a second on a slow machine. */
const START_TIMEOUT_MS = 20_000;

export interface StartOptions {
  /** Default: the instance's name. */
  readonly type?: string | undefined;
  readonly release?: string | undefined;
  readonly clock?: string | undefined;
}

export type Notice = (line: string) => void;

/**
 * A connection to a running board.
 * @returns undefined when no board of that name runs
 * @throws CellvisorError when the board's folder is not safe to use; KernelError EPROTONOSUPPORT
 */
export async function connectToBoard(name: string): Promise<Connection | undefined> {
  const paths = boardPaths(name);
  return checkBoardDirectory(paths) ? tryConnect(paths) : undefined;
}

/** A connection to a board, which is powered on first when it does not run. */
export async function connectOrStart(name: string, options: StartOptions, onNotice: Notice): Promise<Connection> {
  return (await connectToBoard(name)) ?? (await startBoard(name, options, onNotice)).connection;
}

/**
 * Powers a board on, unless it runs already. Of several callers at the same time, in any number of processes, one does it
 * and the others wait.
 */
export async function startBoard(
  name: string,
  options: StartOptions,
  onNotice: Notice,
): Promise<{ readonly connection: Connection; readonly wasRunning: boolean }> {
  const paths = boardPaths(name);
  createBoardDirectory(paths);
  const lock = openSync(paths.lock, 'a', 0o600);
  try {
    const locked = await loadSyscalls().lockFile(lock);
    if (locked < 0) throw new KernelError(`locking ${paths.lock}`, locked);
    const running = await tryConnect(paths);
    if (running) return { connection: running, wasRunning: true };
    reportKilledBoard(paths, onNotice);
    await spawnDaemon(paths, options, lock);
    const connection = await tryConnect(paths);
    if (connection) return { connection, wasRunning: false };
    throw new KernelError(`connecting to the emulated board ${name}`, 'ECONNRESET', { hint: `see ${paths.log}` });
  } finally {
    closeSync(lock);
  }
}

async function tryConnect(paths: BoardPaths): Promise<Connection | undefined> {
  const socket = await connectSocket(paths);
  if (socket === undefined) return undefined;
  const connection = new Connection(new SocketTransport(socket, false), paths.name);
  try {
    await connection.greeting();
    return connection;
  } catch (error) {
    // It was on its way out when we came.
    if (error instanceof KernelError && error.errno === 'ECONNRESET') return undefined;
    connection.close();
    throw error;
  }
}

function connectSocket(paths: BoardPaths): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(paths.socket);
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else reject(new KernelError(`connecting to ${paths.socket}`, error.errno ?? 'EIO', { cause: error }));
    };
    socket.once('error', onError);
    socket.once('connect', () => {
      socket.removeListener('error', onError);
      resolve(socket);
    });
  });
}

/** A board that ended in order has removed this file. */
function reportKilledBoard(paths: BoardPaths, onNotice: Notice): void {
  if (!existsSync(paths.state)) return;
  let processId = 'unknown';
  try {
    const state = JSON.parse(readFileSync(paths.state, 'utf8')) as { processId?: unknown };
    processId = String(state.processId);
  } catch {
    // Killed while it wrote the file: the number stays unknown.
  }
  onNotice(`the emulated board ${paths.name} is gone (its process ${processId} was killed); starting afresh`);
}

/** The lock is handed on to the new process, which lets go of it when it listens: also when this process dies meanwhile. */
async function spawnDaemon(paths: BoardPaths, options: StartOptions, lock: number): Promise<void> {
  const program = boardDaemonProgram();
  if (!existsSync(program)) {
    throw startError(paths.name, `${program} is missing`, 'npm run build:js makes it');
  }
  // Loaded here: most commands find their board running, and this would cost them a millisecond.
  const { spawn } = await import('node:child_process');
  const log = openSync(paths.log, 'a', 0o600);
  try {
    const argument = JSON.stringify({ name: paths.name, ...options });
    const child = spawn(process.execPath, [program, argument], {
      stdio: ['ignore', log, log, 'pipe', lock],
      cwd: '/',
      detached: true,
      env: { ...process.env, CELLVISOR_RUNTIME_DIR: runtimeDirectoryOf(paths) },
    });
    const spawned = new Promise<never>((_, reject) => child.once('error', reject));
    spawned.catch(() => undefined);
    const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
    try {
      readReport(paths, await Promise.race([readAll(child.stdio[3] as Readable), spawned]));
    } finally {
      clearTimeout(timer);
      child.unref();
    }
  } finally {
    closeSync(log);
  }
}

function readAll(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', reject);
    stream.once('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}

interface Report {
  readonly message?: string;
  readonly code?: string;
  readonly hint?: string;
}

/** The new process writes one line of JSON and closes the pipe: `{}` when it listens, else what is wrong. */
function readReport(paths: BoardPaths, text: string): void {
  if (text === '') throw startError(paths.name, 'its process ended at once', `see ${paths.log}`);
  const { message, code, hint } = JSON.parse(text) as Report;
  if (message === undefined) return;
  const other = `; for a board of another name: cellvisor board start ${paths.name} --type TYPE`;
  throw startError(paths.name, message, code === 'E_BOARD_UNKNOWN' ? `${hint}${other}` : hint);
}

function startError(name: string, reason: string, hint: string | undefined): CellvisorError {
  return new CellvisorError(`the emulated board ${name} does not start: ${reason}`, {
    code: 'E_BOARD_START',
    operation: 'start board',
    hint,
  });
}

function runtimeDirectoryOf(paths: BoardPaths): string {
  return paths.directory.slice(0, -paths.name.length - 1);
}
