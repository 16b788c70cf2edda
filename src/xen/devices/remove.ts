import { waitForValue } from '../xenstore/wait';
import { backendPath, describeDevice, describeState, DeviceState, frontendPath } from './device';
import { runHotplugScript } from './hotplug';
import { removeDeviceNodes, removeUpwards } from './nodes';
import { TIMEOUTS_MS } from './timeouts';
import type { Xenstore } from '../xenstore/xenstore';
import type { DeviceAddress, HotplugPlan } from './device';
import type { DeviceTimeouts } from './timeouts';

export interface RemoveOptions {
  /** Take it away without asking the guest. */
  readonly isForced?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutsMs?: DeviceTimeouts;
}

/**
 * Takes a device away: tells its backend to close, waits for that, lets its script undo what it did, and removes the nodes of
 * both sides. A guest that does not let go within the time is not asked any longer.
 *
 * @returns what did not go as it should, one line each; the nodes are gone all the same
 * @throws KernelError `E_XENSTORE`; EINTR when the signal aborts
 */
export async function removeDevice(
  store: Xenstore,
  device: DeviceAddress,
  options: RemoveOptions = {},
): Promise<string[]> {
  const problems: string[] = [];
  const hotplug = await readHotplug(store, device);
  if (device.kind !== 'console') await closeBackend(store, device, options, problems);
  if (hotplug !== undefined && device.backendDomid === 0) await runOffline(store, device, hotplug, options, problems);
  await store.transaction((t) => removeDeviceNodes(t, device), { signal: options.signal });
  return problems;
}

async function closeBackend(
  store: Xenstore,
  device: DeviceAddress,
  { isForced = false, signal, timeoutsMs }: RemoveOptions,
  problems: string[],
): Promise<void> {
  const state = `${backendPath(device)}/state`;
  const { close: timeoutMs } = { ...TIMEOUTS_MS, ...timeoutsMs };
  const askToClose = (isWithoutGuest: boolean) =>
    store.transaction(
      async (t) => {
        const current = await t.readIfThere(state);
        if (current === undefined) return;
        if (isWithoutGuest) await removeUpwards(t, frontendPath(device));
        await t.write(`${backendPath(device)}/online`, '0');
        if (current !== DeviceState.closed) await t.write(state, DeviceState.closing);
      },
      { signal },
    );
  for (const isWithoutGuest of isForced ? [true] : [false, true]) {
    await askToClose(isWithoutGuest);
    const { value, isTimedOut } = await waitForValue(store, state, isClosed, { timeoutMs, signal });
    if (!isTimedOut) return;
    const whose = isWithoutGuest ? 'its backend' : `the guest`;
    problems.push(
      `${describeDevice(device)}: ${whose} did not let go within ${timeoutMs / 1000} s: ${describeState(value)}`,
    );
  }
}

function isClosed(state: string | undefined): boolean {
  return state === undefined || state === DeviceState.closed;
}

/** Scripts of devices that anybody has added: what to run is in the backend's nodes. */
async function readHotplug(store: Xenstore, device: DeviceAddress): Promise<HotplugPlan | undefined> {
  const script = await store.readIfThere(`${backendPath(device)}/script`);
  if (script === undefined || script === '') return undefined;
  if (device.kind === 'vif') {
    const name = `vif${device.domid}.${device.devid}`;
    return { script, online: [], offline: ['offline', 'type_if=vif'], environment: { netdev: name, vif: name } };
  }
  return { script, online: [], offline: ['remove'], environment: {} };
}

async function runOffline(
  store: Xenstore,
  device: DeviceAddress,
  hotplug: HotplugPlan,
  { signal, timeoutsMs }: RemoveOptions,
  problems: string[],
): Promise<void> {
  const { script: timeoutMs } = { ...TIMEOUTS_MS, ...timeoutsMs };
  const command = [hotplug.script, ...hotplug.offline.slice(0, 1)].join(' ');
  try {
    const { exitCode, isTimedOut, output } = await runHotplugScript(device, hotplug, hotplug.offline, {
      timeoutMs,
      signal,
    });
    if (exitCode === 0) return;
    const told = await store.readIfThere(`${backendPath(device)}/hotplug-error`);
    const how = isTimedOut ? `did not end within ${timeoutMs / 1000} s` : `ended with ${exitCode ?? 'a signal'}`;
    const said = (told || output).replaceAll(/\s*\n\s*/g, '; ');
    problems.push(`${describeDevice(device)}: ${command} ${how}${said === '' ? '' : `: ${said}`}`);
  } catch (error) {
    problems.push((error as Error).message);
  }
}
