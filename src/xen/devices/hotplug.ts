import { describeDevice, deviceError, relativeBackendPath } from './device';
import type { DeviceAddress, HotplugPlan } from './device';

export interface HotplugResult {
  /** Absent: it was ended by a signal or could not be started. */
  readonly exitCode: number | undefined;
  readonly isTimedOut: boolean;
  /** What it wrote to stdout and stderr, the last part of it. */
  readonly output: string;
}

/** More of what a script prints is of no use in an error. */
const MAX_OUTPUT_CHARACTERS = 2000;

/**
 * Runs a device's script, as udev would have (xen-abi reference 13): nothing to read, and the device in its environment.
 * @throws CellvisorError `E_XEN_DEVICE` when it cannot be started
 */
export async function runHotplugScript(
  device: DeviceAddress,
  { script, environment }: HotplugPlan,
  args: readonly string[],
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<HotplugResult> {
  // Loaded here: a listing needs none.
  const { spawn } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const child = spawn(script, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: what the script has started ends with it.
      detached: true,
      env: {
        ...process.env,
        ...environment,
        script,
        XENBUS_TYPE: device.kind,
        XENBUS_PATH: relativeBackendPath(device),
        XENBUS_BASE_PATH: 'backend',
      },
    });
    let output = '';
    let isTimedOut = false;
    const kill = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(() => {
      isTimedOut = true;
      kill();
    }, timeoutMs);
    signal?.addEventListener('abort', kill, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-MAX_OUTPUT_CHARACTERS)));
    }
    child.once('error', (cause) => {
      settle();
      const hint = `${describeDevice(device)} names it: does it exist, and may it be run?`;
      reject(deviceError(device, `${script} cannot be run: ${cause.message}`, { hint, cause }));
    });
    // 'exit', not 'close': something that the script left running may hold its output open.
    child.once('exit', (exitCode) => {
      settle();
      setImmediate(() => {
        for (const stream of [child.stdout, child.stderr]) stream.destroy();
        resolve({ exitCode: exitCode ?? undefined, isTimedOut, output: output.trim() });
      });
    });
  });
}
