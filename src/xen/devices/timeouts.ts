/** How long each part of adding or removing a device may take. */
export interface DeviceTimeouts {
  /** Until a new backend waits for its frontend. */
  readonly backend?: number;
  /** Until a backend has closed. */
  readonly close?: number;
  /** Until a script has ended. */
  readonly script?: number;
}

/** libxl's. */
export const TIMEOUTS_MS: Required<DeviceTimeouts> = { backend: 10_000, close: 10_000, script: 40_000 };
