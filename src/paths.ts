import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CellvisorError } from './errors';

/** Longest path of a Unix socket: sun_path without its NUL. */
const MAX_SOCKET_PATH_BYTES = 107;

let foundRoot: string | undefined;

/** The installed package's folder, the one with package.json, from the sources as well as from a bundle. */
export function packageRoot(): string {
  if (foundRoot !== undefined) return foundRoot;
  let folder = __dirname;
  while (!isPackageFolder(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json of cellvisor above ${__dirname}`);
    folder = parent;
  }
  foundRoot = folder;
  return folder;
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}

function isPackageFolder(folder: string): boolean {
  const file = join(folder, 'package.json');
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name === 'cellvisor';
}

/** The program that is an emulated board; `npm run build:js` makes it. */
export function boardDaemonProgram(): string {
  return join(packageRoot(), 'dist', 'cellvisor', 'board-daemon.js');
}

/** The inmate that starts a kernel in a cell; `npm run build:js` makes it. */
export function linuxLoader(): string {
  return join(packageRoot(), 'inmates', 'linux-loader.bin');
}

/** The library that `cellvisor run` preloads into programs; `npm run build:native` makes it. */
export function bridgeLibrary(): string {
  return join(packageRoot(), 'build', 'Release', 'cellvisor-bridge.so');
}

/** Where an instance of an emulated board keeps its files. */
export interface BoardPaths {
  readonly name: string;
  readonly directory: string;
  readonly socket: string;
  /** Held with flock(2) by whoever starts the board. */
  readonly lock: string;
  /** What runs here; left behind when the board's process was killed. */
  readonly state: string;
  readonly log: string;
}

/**
 * `CELLVISOR_RUNTIME_DIR`, else `cellvisor` below `XDG_RUNTIME_DIR`, else a folder of this user's own in /tmp. It need not
 * exist yet.
 */
export function runtimeDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (env['CELLVISOR_RUNTIME_DIR']) return env['CELLVISOR_RUNTIME_DIR'];
  if (env['XDG_RUNTIME_DIR']) return join(env['XDG_RUNTIME_DIR'], 'cellvisor');
  return `/tmp/cellvisor-${userId()}`;
}

export function boardPaths(name: string, env: NodeJS.ProcessEnv = process.env): BoardPaths {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(name)) {
    throw new CellvisorError(`'${name}' is not a name for a board`, {
      code: 'E_BOARD_NAME',
      operation: 'find board',
      hint: 'use at most 32 letters, digits, dots, dashes and underscores, such as imx8mm-evk',
    });
  }
  const directory = join(runtimeDirectory(env), name);
  const socket = join(directory, 'socket');
  if (Buffer.byteLength(socket) > MAX_SOCKET_PATH_BYTES) {
    throw new CellvisorError(`${socket}: too long for the path of a socket`, {
      code: 'E_RUNTIME_DIR',
      operation: 'find board',
      errno: 'ENAMETOOLONG',
      hint: 'set CELLVISOR_RUNTIME_DIR to a folder with a shorter path',
    });
  }
  return {
    name,
    directory,
    socket,
    lock: join(directory, 'lock'),
    state: join(directory, 'state.json'),
    log: join(directory, 'daemon.log'),
  };
}

/**
 * Where copies of the configs of running cells are kept. Cells of this machine outlive the session of whoever created
 * them, and all sessions see the same ones: so their place is not the session's. The name cannot be a board's.
 * @param board name of an emulated board; absent: this machine
 */
export function keptConfigsDirectory(board: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  if (board !== undefined) return join(boardPaths(board, env).directory, 'cells');
  return join(env['CELLVISOR_RUNTIME_DIR'] || '/run/cellvisor', '_hardware', 'cells');
}

/**
 * Makes sure that no other user can reach, or has prepared, what is in a board's folder: both folders belong to this user
 * and nobody else may enter.
 * @returns false when the folder does not exist
 * @throws CellvisorError `E_RUNTIME_DIR`
 */
export function checkBoardDirectory(paths: BoardPaths): boolean {
  return [dirname(paths.directory), paths.directory].every(isPrivateFolder);
}

/** Creates a board's folder, mode 0700, where it does not exist, and checks it. */
export function createBoardDirectory(paths: BoardPaths): void {
  createPrivateFolder(dirname(paths.directory));
  createPrivateFolder(paths.directory);
}

/** Creates a folder, mode 0700, where it does not exist. @throws CellvisorError `E_RUNTIME_DIR` when others can reach it */
export function createPrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw runtimeDirectoryError(folder, (error as NodeJS.ErrnoException).message, error);
  }
  isPrivateFolder(folder);
}

/** Whether a folder exists. @throws CellvisorError `E_RUNTIME_DIR` when somebody else can reach it */
export function isPrivateFolder(folder: string): boolean {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  if (status === undefined) return false;
  if (!status.isDirectory()) throw runtimeDirectoryError(folder, 'not a folder');
  if (status.uid !== userId()) throw runtimeDirectoryError(folder, `belongs to user ${status.uid}`);
  if ((status.mode & 0o077) !== 0) {
    throw runtimeDirectoryError(folder, `other users have access (mode ${(status.mode & 0o777).toString(8)})`);
  }
  return true;
}

function runtimeDirectoryError(folder: string, reason: string, cause?: unknown): CellvisorError {
  return new CellvisorError(`${folder}: ${reason}`, {
    code: 'E_RUNTIME_DIR',
    operation: 'open runtime directory',
    hint: `remove it, make it yours with mode 0700, or set CELLVISOR_RUNTIME_DIR to a folder of your own`,
    cause,
  });
}

function userId(): number {
  return process.getuid?.() ?? 0;
}
