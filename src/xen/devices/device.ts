import { CellvisorError } from '../../errors';
import type { ErrnoName } from '../../errno';

export type DeviceKind = 'vif' | 'vbd' | 'console';

/** One device of a domain: who uses it and who serves it. */
export interface DeviceAddress {
  readonly kind: DeviceKind;
  readonly domid: number;
  /** Handle of a vif, number of a vbd. */
  readonly devid: number;
  readonly backendDomid: number;
}

/** Node names and values, in the order in which they are written. */
export type NodeList = readonly (readonly [name: string, value: string])[];

/** What is written for a device, and what is run. */
export interface DevicePlan extends DeviceAddress {
  readonly backend: NodeList;
  readonly frontend: NodeList;
  /** In the frontend's folder too, but the guest may only read them. */
  readonly readOnlyFrontend?: NodeList;
  readonly hotplug?: HotplugPlan | undefined;
  /** What to look at when the backend or the script fails. */
  readonly hint?: string | undefined;
}

/** A script that connects a backend with the rest of dom0. */
export interface HotplugPlan {
  readonly script: string;
  readonly online: readonly string[];
  readonly offline: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** States of the two sides of a device (xen-abi reference 13). */
export const DeviceState = {
  initialising: '1',
  initWait: '2',
  initialised: '3',
  connected: '4',
  closing: '5',
  closed: '6',
} as const;

const STATE_NAMES: Readonly<Record<string, string>> = {
  0: 'Unknown',
  1: 'Initialising',
  2: 'InitWait',
  3: 'Initialised',
  4: 'Connected',
  5: 'Closing',
  6: 'Closed',
};

/** `state 1 (Initialising)`. */
export function describeState(state: string | undefined): string {
  if (state === undefined) return 'no state';
  return `state ${state} (${STATE_NAMES[state] ?? 'not one of xenbus'})`;
}

export function frontendPath({ kind, domid, devid }: DeviceAddress): string {
  // The first console is a folder of the domain itself.
  if (kind === 'console' && devid === 0) return `/local/domain/${domid}/console`;
  return `/local/domain/${domid}/device/${kind}/${devid}`;
}

export function backendPath(device: DeviceAddress): string {
  return `/local/domain/${device.backendDomid}/${relativeBackendPath(device)}`;
}

export function relativeBackendPath({ kind, domid, devid }: DeviceAddress): string {
  return `backend/${kind}/${domid}/${devid}`;
}

/** Where the toolstack keeps its own copy, which the domain cannot change. */
export function copyPath({ kind, domid, devid }: DeviceAddress): string {
  return `/libxl/${domid}/device/${kind}/${devid}`;
}

/** `vif 0 of domain 3`. */
export function describeDevice({ kind, domid, devid }: DeviceAddress): string {
  return `${kind} ${devid} of domain ${domid}`;
}

/** A device could not be added or removed: code `E_XEN_DEVICE`. */
export function deviceError(
  device: DeviceAddress,
  reason: string,
  details: { readonly errno?: ErrnoName; readonly hint?: string | undefined; readonly cause?: unknown } = {},
): CellvisorError {
  const what = describeDevice(device);
  return new CellvisorError(`${what}: ${reason}`, { code: 'E_XEN_DEVICE', operation: what, ...details });
}
