import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeXenstored } from './fake-xenstored';

/** Plays the drivers of dom0: a backend that is there goes on to state 2, and one that is to close goes to 6. */
export function playBackends(
  daemon: FakeXenstored,
  states: Readonly<Record<string, string>> = { 1: '2', 5: '6' },
): void {
  daemon.onChange = (path, value) => {
    const next = /^\/local\/domain\/\d+\/backend\/v(if|bd)\/\d+\/\d+\/state$/.test(path) && states[value ?? ''];
    if (next) setImmediate(() => daemon.read(path) === value && daemon.write(path, next));
  };
}

/** A hotplug script. */
export function writeScript(folder: string, name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}
