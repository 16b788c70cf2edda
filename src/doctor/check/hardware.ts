import { ok, problem, warning } from '../finding';
import { readHardware } from '../hardware';
import type { Finding } from '../finding';
import type { LiveSystem } from '../live-system';

export async function checkHardware(system: LiveSystem): Promise<Finding[]> {
  const { architecture, features } = await readHardware(system);
  if (architecture !== 'arm64') {
    const what = architecture === 'other' ? 'this is no arm64 machine' : '/proc/cpuinfo cannot be read';
    return [problem('hardware.architecture', what, 'run this on an i.MX 8 board, or set CELLVISOR_BACKEND=emulated')];
  }
  const findings = features.flatMap(({ name, availability, remedy }): Finding[] => {
    if (availability === 'missing') return [problem('hardware.missing', `${name}: missing`, remedy)];
    if (availability === 'unknown') return [warning('hardware.unknown', `${name}: this system does not tell`, remedy)];
    return [];
  });
  return findings.length > 0
    ? findings
    : [ok('hardware', 'CPUs, interrupt controller and firmware have what Jailhouse needs')];
}
