import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const LOG_FOLDER = '/var/log/xen';
/** Older logs that are kept, as `.1` to this. */
const KEPT_LOGS = 10;

/**
 * Starts the process that handles the end of a domain: on its own, so that it outlives this one and its terminal. What it
 * says is in `/var/log/xen/xl-NAME.log`.
 */
export async function startMonitor(program: string, domid: number, name: string): Promise<void> {
  const log = openLog(name);
  try {
    const child = spawn(process.execPath, [program, 'monitor-domain', String(domid)], {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
  } finally {
    closeSync(log);
  }
}

/** A new log; those before it are moved on. */
function openLog(name: string): number {
  mkdirSync(LOG_FOLDER, { recursive: true });
  const path = join(LOG_FOLDER, `xl-${name.replaceAll('/', '_')}.log`);
  for (let index = KEPT_LOGS; index > 0; index--) {
    const older = index === 1 ? path : `${path}.${index - 1}`;
    if (existsSync(older)) renameSync(older, `${path}.${index}`);
  }
  return openSync(path, 'a', 0o644);
}
