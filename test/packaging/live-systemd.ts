import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isInstalled, run } from './archives';
import type { ChildProcess } from 'node:child_process';
import type { Ended } from './archives';

const SYSTEMD = '/lib/systemd/systemd';
/** Of this machine's services, those that need more than such a root has. */
const MASKED = [
  'dbus.service',
  'dbus.socket',
  'systemd-logind.service',
  'systemd-networkd.service',
  'systemd-networkd.socket',
];
const HIERARCHIES = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/systemd'];

/** Why systemd cannot be booted here. */
export function whyNoLiveSystemd(): string | undefined {
  if (process.getuid?.() !== 0) return 'namespaces are for root only';
  if (!existsSync(SYSTEMD)) return 'systemd is not installed';
  const missing = ['unshare', 'nsenter', 'pivot_root', 'journalctl'].find((tool) => !isInstalled(tool));
  if (missing !== undefined) return `${missing} is not installed`;
  // Version 2 of control groups, which systemd needs, and namespaces of its own.
  const mounts = 'mount -t cgroup2 cgroup2 "$0" && mkdir "$0/cellvisor-try" && rmdir "$0/cellvisor-try"';
  const place = mkdtempSync(join(tmpdir(), 'cellvisor-cgroup-'));
  try {
    const { code, err } = run('unshare', ['--fork', '--pid', '--mount', '--cgroup', 'sh', '-c', mounts, place]);
    return code === 0 ? undefined : `control groups of its own are not permitted: ${err.trim()}`;
  } finally {
    rmdirSync(place);
  }
}

/** A systemd of its own, whose root has this machine's /usr, an archive in /opt/cellvisor, and nothing else. */
export class LiveSystemd {
  readonly root = mkdtempSync(join(tmpdir(), 'cellvisor-systemd-'));
  private readonly group = basename(this.root);
  private child: ChildProcess | undefined;

  /**
   * @param home of the unpacked archive
   * @param environment of all services, and of what is run inside
   */
  constructor(
    home: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {
    const folders = ['dev', 'etc', 'opt', 'proc', 'root', 'run', 'sys', 'tmp', 'usr', 'var/log/journal'];
    for (const folder of folders) mkdirSync(this.path(folder), { recursive: true });
    for (const link of ['bin', 'lib', 'lib64', 'sbin']) symlinkSync(`usr/${link}`, this.path(link));
    cpSync(home, this.path('opt/cellvisor'), { recursive: true, verbatimSymlinks: true });
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    this.write('etc/passwd', 'root:x:0:0::/root:/bin/sh\n');
    this.write('etc/group', 'root:x:0:\n');
    this.write('etc/machine-id', `${'c'.repeat(32)}\n`);
    mkdirSync(this.path('etc/systemd/system'), { recursive: true });
    for (const unit of MASKED) symlinkSync('/dev/null', this.path('etc/systemd/system', unit));
    this.write('etc/systemd/system.conf', `[Manager]\nDefaultEnvironment=${variables.join(' ')}\n`);
  }

  path(...names: string[]): string {
    return join(this.root, ...names);
  }

  write(name: string, content: string): void {
    mkdirSync(join(this.path(name), '..'), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  /** Runs a line of shell there. */
  inside(line: string): Ended {
    const pid = this.systemdPid();
    if (pid === undefined) throw new Error('systemd does not run');
    return run(
      'nsenter',
      ['--target', pid, '--mount', '--pid', '--ipc', '--uts', '--root', '--wd', '/bin/sh', '-c', line],
      {
        env: { ...this.environment, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      },
    );
  }

  /** Returns when all that belongs to the boot has been started, or has failed. */
  async boot(): Promise<void> {
    const child = spawn(join(__dirname, 'boot-systemd.sh'), [this.root, this.group], {
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    this.child = child;
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaints += chunk));
    while (this.systemdPid() === undefined || !this.isBusListening()) {
      if (child.exitCode !== null) throw new Error(`systemd ended with exit code ${child.exitCode}: ${complaints}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    this.inside('timeout 60 systemctl is-system-running --wait');
  }

  async powerOff(): Promise<void> {
    const ended = once(this.child as ChildProcess, 'exit');
    this.inside('systemctl poweroff --no-block');
    await ended;
  }

  /** What was logged about units whose name begins so, of which the machine may be off: one entry a line, as NAME: MESSAGE. */
  journal(prefix: string): string[] {
    const { out } = run('journalctl', ['--directory', this.path('var/log/journal'), '--output=json', '--quiet']);
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { UNIT?: string; _SYSTEMD_UNIT?: string; MESSAGE?: string })
      .map(({ UNIT, _SYSTEMD_UNIT, MESSAGE }) => `${UNIT ?? _SYSTEMD_UNIT}: ${MESSAGE}`)
      .filter((line) => line.startsWith(prefix));
  }

  /** Ends it as if the power were cut, and leaves nothing. */
  async remove(): Promise<void> {
    const child = this.child;
    if (child?.exitCode === null) {
      const ended = once(child, 'exit');
      const pid = this.systemdPid();
      if (pid === undefined) child.kill();
      else process.kill(Number(pid), 'SIGKILL');
      await ended;
    }
    for (const group of HIERARCHIES.map((hierarchy) => join(hierarchy, this.group))) removeGroup(group);
    rmSync(this.root, { recursive: true });
  }

  /** In this machine's numbers: `unshare` is what was started, systemd its child. */
  private systemdPid(): string | undefined {
    const pid = this.child?.pid;
    const children = pid === undefined ? '' : readIfThere(`/proc/${pid}/task/${pid}/children`);
    return children.trim() || undefined;
  }

  private isBusListening(): boolean {
    const pid = this.systemdPid();
    return pid !== undefined && existsSync(`/proc/${pid}/root/run/systemd/private`);
  }
}

function removeGroup(path: string): void {
  if (!existsSync(path)) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroup(join(path, entry.name));
  }
  rmdirSync(path);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
