import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import type { AddressInfo } from 'node:net';

const SSHD = ['/usr/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));
const CLIENT = '/usr/bin/ssh';
/** Where sshd of Debian wants an empty folder when root starts it; its service makes it. */
const PRIVILEGE_FOLDER = '/run/sshd';
const PROGRAMS = join(__dirname, '../../dist/bin');

/** Why there can be no server here; undefined where there can. */
export const whyNoSsh =
  SSHD === undefined || !existsSync(CLIENT) ? 'OpenSSH is not installed: apt-get install openssh-server' : undefined;

/**
 * A real sshd on loopback, with keys, configs and a free port of its own: nothing of this machine's own SSH is read or changed.
 * Its users find the `ssh` in `clientEnv`'s PATH, which knows it as `board`; `cellvisor` is in the PATH of its sessions.
 */
export class SshServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'cellvisor-ssh-'));
  private readonly bin = join(this.folder, 'client');
  private server: ChildProcess | undefined;
  private port = 0;

  /** For commands that speak to it. */
  readonly clientEnv: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${this.bin}:${process.env['PATH']}`,
    CELLVISOR_BACKEND: undefined,
    CELLVISOR_BOARD: undefined,
    CELLVISOR_HOST: undefined,
  };

  /** @param sessionEnv what its sessions have in their environment */
  constructor(private readonly sessionEnv: Readonly<Record<string, string>>) {}

  path(name: string): string {
    return join(this.folder, name);
  }

  async start(): Promise<void> {
    if (this.port === 0) await this.prepare();
    if (process.getuid?.() === 0) mkdirSync(PRIVILEGE_FOLDER, { recursive: true, mode: 0o755 });
    const log = this.path('sshd.log');
    this.server = spawn(SSHD ?? '', ['-D', '-f', this.path('sshd_config'), '-E', log], { stdio: 'ignore' });
    const exited = new Promise<never>((_, reject) =>
      this.server?.once('exit', () => reject(new Error(`sshd ended: ${readFileSync(log, 'utf8')}`))),
    );
    exited.catch(() => undefined);
    await Promise.race([this.answers(), exited]);
  }

  /** Ends the server; sessions go on, as those of a real one do. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined || server.exitCode !== null) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill();
    await gone;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A line of its config, from the next start on. */
  configure(line: string): void {
    writeFileSync(this.path('sshd_config'), `${line}\n${readFileSync(this.path('sshd_config'), 'utf8')}`);
  }

  private async prepare(): Promise<void> {
    this.port = await freePort();
    for (const key of ['host_key', 'user_key', 'other_key']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', this.path(key)]);
    }
    const publicKey = (key: string) => readFileSync(this.path(`${key}.pub`), 'utf8');
    writeFileSync(this.path('authorized_keys'), publicKey('user_key'));
    writeFileSync(this.path('known_hosts'), `board-key ${publicKey('host_key')}`);
    this.program(join('session', 'cellvisor'), `exec '${process.execPath}' '${join(PROGRAMS, 'cellvisor.js')}' "$@"`);
    this.program(join('client', 'ssh'), `exec ${CLIENT} -F '${this.path('ssh_config')}' "$@"`);
    const env = { ...this.sessionEnv, PATH: `${this.path('session')}:/usr/bin:/bin` };
    const variables = Object.entries(env).map(([name, value]) => `"${name}=${value}"`);
    this.write('sshd_config', [
      `Port ${this.port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${this.path('host_key')}`,
      `AuthorizedKeysFile ${this.path('authorized_keys')}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin yes',
      `SetEnv ${variables.join(' ')}`,
    ]);
    const common = [
      'HostName 127.0.0.1',
      `Port ${this.port}`,
      `User ${userInfo().username}`,
      'IdentitiesOnly yes',
      'GlobalKnownHostsFile none',
      'StrictHostKeyChecking yes',
      'HostKeyAlias board-key',
    ];
    const host = (name: string, key: string, knownHosts: string) => [
      `Host ${name}`,
      `IdentityFile ${this.path(key)}`,
      `UserKnownHostsFile ${this.path(knownHosts)}`,
    ];
    this.write('ssh_config', [
      ...host('board', 'user_key', 'known_hosts'),
      ...host('stranger', 'other_key', 'known_hosts'),
      ...host('unknown', 'user_key', 'nothing'),
      'Host board stranger unknown',
      ...common,
    ]);
  }

  private write(name: string, lines: readonly string[]): void {
    writeFileSync(this.path(name), `${lines.join('\n')}\n`);
  }

  private program(name: string, line: string): void {
    mkdirSync(join(this.folder, name, '..'), { recursive: true });
    writeFileSync(this.path(name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  }

  private async answers(): Promise<void> {
    while (!(await canConnect(this.port))) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
