import { waitForValue } from '../xenstore/wait';
import { backendPath, copyPath, describeState, deviceError, DeviceState } from './device';
import { runHotplugScript } from './hotplug';
import { removeDevice } from './remove';
import { writeDeviceNodes } from './nodes';
import { TIMEOUTS_MS } from './timeouts';
import type { Nodes } from '../xenstore/nodes';
import type { Xenstore } from '../xenstore/xenstore';
import type { DeviceKind, DevicePlan, HotplugPlan } from './device';
import type { DeviceTimeouts } from './timeouts';

export interface AddOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutsMs?: DeviceTimeouts;
}

/**
 * Gives a domain a device: writes its nodes, waits for the backend, and connects it by its script. When that fails, nothing of
 * it is left.
 *
 * @param plan the device, or a function that makes one within the transaction: to choose a number that is free
 * @returns the device as it was added
 * @throws CellvisorError `E_XEN_DEVICE` that names the device, and the state it was stuck in or what its script said
 */
export async function addDevice(
  store: Xenstore,
  plan: DevicePlan | ((nodes: Nodes) => Promise<DevicePlan>),
  options: AddOptions = {},
): Promise<DevicePlan> {
  const device = await store.transaction(async (t) => {
    const chosen = typeof plan === 'function' ? await plan(t) : plan;
    await writeDeviceNodes(t, chosen);
    return chosen;
  }, options);
  try {
    await connectBackend(store, device, options);
  } catch (error) {
    // What went wrong first is what there is to say.
    await removeDevice(store, device, {
      isForced: true,
      ...(options.timeoutsMs && { timeoutsMs: options.timeoutsMs }),
    }).catch(() => undefined);
    throw error;
  }
  return device;
}

/** The number after the highest that a domain's devices of this kind have. For a transaction, which then writes the device. */
export async function nextDeviceId(nodes: Nodes, domid: number, kind: DeviceKind): Promise<number> {
  const folder = copyPath({ kind, domid, devid: 0, backendDomid: 0 }).replace(/\/0$/, '');
  const taken = (await nodes.directoryIfThere(folder)).map(Number).filter(Number.isInteger);
  return Math.max(-1, ...taken) + 1;
}

async function connectBackend(store: Xenstore, device: DevicePlan, options: AddOptions): Promise<void> {
  const { backend: timeoutMs } = { ...TIMEOUTS_MS, ...options.timeoutsMs };
  const { signal } = options;
  const { value: state, isTimedOut } = await waitForValue(store, `${backendPath(device)}/state`, isPastInitialising, {
    timeoutMs,
    signal,
  });
  if (isTimedOut) {
    const driver = device.kind === 'vif' ? 'xen-netback' : 'xen-blkback';
    const hint =
      device.backendDomid === 0 ? `is the driver ${driver} loaded?` : `does domain ${device.backendDomid} serve it?`;
    throw deviceError(device, `its backend was not ready after ${seconds(timeoutMs)}: ${describeState(state)}`, {
      errno: 'ETIMEDOUT',
      hint,
    });
  }
  if (state === undefined || state === DeviceState.closing || state === DeviceState.closed) {
    throw deviceError(device, `its backend gave up: ${describeState(state)}`, { errno: 'EIO', hint: device.hint });
  }
  // A backend in another domain is connected there.
  if (device.hotplug !== undefined && device.backendDomid === 0) {
    await runOnline(store, device, device.hotplug, options);
  }
}

function isPastInitialising(state: string | undefined): boolean {
  return state === undefined || Number(state) >= Number(DeviceState.initWait);
}

async function runOnline(
  store: Xenstore,
  device: DevicePlan,
  hotplug: HotplugPlan,
  options: AddOptions,
): Promise<void> {
  const { script: timeoutMs } = { ...TIMEOUTS_MS, ...options.timeoutsMs };
  const { signal } = options;
  const result = await runHotplugScript(device, hotplug, hotplug.online, { timeoutMs, signal });
  signal?.throwIfAborted();
  const backend = backendPath(device);
  const [status, told] = await Promise.all([
    store.readIfThere(`${backend}/hotplug-status`),
    store.readIfThere(`${backend}/hotplug-error`),
  ]);
  const command = [hotplug.script, ...hotplug.online.slice(0, 1)].join(' ');
  // One line: the script's own words are often the only reason there is.
  const said = (told || result.output).replaceAll(/\s*\n\s*/g, '; ');
  const because = said === '' ? '' : `: ${said}`;
  if (result.isTimedOut) {
    throw deviceError(device, `${command} did not end within ${seconds(timeoutMs)}${because}`, {
      errno: 'ETIMEDOUT',
      hint: device.hint,
    });
  }
  if (result.exitCode !== 0 || status === 'error') {
    const how = result.exitCode === undefined ? 'was killed' : `ended with ${result.exitCode}`;
    throw deviceError(device, `${command} ${how}${because}`, { errno: 'EIO', hint: device.hint });
  }
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
