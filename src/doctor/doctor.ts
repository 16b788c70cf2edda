import { checkConfigsAtHand, checkNamedConfigs } from './check/config';
import { checkCpus } from './check/cpus';
import { checkDriver } from './check/driver';
import { checkFirmware } from './check/firmware';
import { checkHardware } from './check/hardware';
import { checkMemory } from './check/memory';
import { checkPci } from './check/pci';
import { checkUio } from './check/uio';
import { warning } from './finding';
import { LiveSystem } from './live-system';
import type { Kernel } from '../kernel/kernel';
import type { ConfigFile } from '../jailhouse/explain/refusal';
import type { Finding } from './finding';

export interface Question {
  /** The system config that is to be enabled. */
  readonly root?: ConfigFile | undefined;
  /** Configs of cells that are to be created. */
  readonly cells?: readonly ConfigFile[];
  /** Configs that nobody named, but that lie where people look for them. */
  readonly atHand?: readonly ConfigFile[];
}

export interface Diagnosis {
  /** Nothing that was looked at stands in the way of enable, and of creating the cells. */
  readonly canEnable: boolean;
  readonly findings: readonly Finding[];
}

/** Looks for everything that would make `jailhouse enable` fail on the machine behind `kernel`, and changes nothing there. */
export async function diagnose(kernel: Kernel, { root, cells = [], atHand = [] }: Question): Promise<Diagnosis> {
  const system = new LiveSystem(kernel);
  const named = await checkNamedConfigs(system, root, cells);
  const findings = [
    ...(await checkHardware(system)),
    ...(await checkDriver(system)),
    ...(await checkFirmware(system, named.root)),
    ...named.findings,
    ...(root ? [] : [NO_ROOT]),
    ...(await checkConfigsAtHand(system, atHand)),
    ...(await checkCpus(system, named.root, named.cells)),
    ...(await checkMemory(system, named.root, named.cells)),
    ...(await checkPci(system, named.root)),
    ...(await checkUio(system)),
  ];
  return { canEnable: findings.every(({ severity }) => severity !== 'problem'), findings };
}

const NO_ROOT = warning(
  'config.no-root',
  'no root cell was named: its revision, CPUs and memory are not looked at',
  'name the one that is to be enabled: --root imx8mm.cell',
);
