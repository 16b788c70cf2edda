/** How often a second a program of ours lists all domains, beside listings.c: bundled, and run in dom0. */
import { openKernel } from '../../../src/kernel/choose';
import { Hypervisor } from '../../../src/xen/hypervisor/hypervisor';

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 1000);
  const kernel = await openKernel({ backend: 'hardware' });
  const xen = await Hypervisor.open(kernel);
  const start = performance.now();
  for (let round = 0; round < rounds; round += 1) await xen.domains.list();
  console.log((rounds / ((performance.now() - start) / 1000)).toFixed(1));
  await xen.close();
  await kernel.close();
}

void main();
