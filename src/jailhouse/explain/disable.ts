import { explainLockedCells } from './locked';
import { NOT_ENABLED, showCpus, verb } from './words';
import type { Evidence } from './evidence';
import type { DisableRefusal } from './refusal';

export async function explainDisable({ errno }: DisableRefusal, evidence: Evidence): Promise<string | undefined> {
  switch (errno) {
    case 'EINVAL':
      return (await evidence.enabled()) === false ? NOT_ENABLED : undefined;
    case 'EBUSY':
      return explainOffline(evidence);
    case 'EPERM': {
      const cell = (await evidence.kernelSaid(/^Jailhouse: failed to destroy cell "(.*)"$/))?.[1];
      return (await explainLockedCells(evidence)) ?? (cell === undefined ? undefined : refusesToGo(cell));
    }
    default:
      return undefined;
  }
}

/** Linux must run on every CPU of the root cell to leave the hypervisor on all of them. */
async function explainOffline(evidence: Evidence): Promise<string | undefined> {
  const root = (await evidence.cells()).find(({ id }) => id === 0);
  const offline = await evidence.offlineCpus();
  const sleeping = root?.assignedCpus.filter((cpu) => offline.includes(cpu)) ?? [];
  return sleeping.length > 0
    ? `${showCpus(sleeping)} of the root cell ${verb(sleeping.length, 'is', 'are')} offline; bring back each: echo 1 > /sys/devices/system/cpu/cpu${sleeping[0]}/online`
    : undefined;
}

function refusesToGo(cell: string): string {
  return `cell ${JSON.stringify(cell)} does not agree to shut down: end the program in it, then try again`;
}
