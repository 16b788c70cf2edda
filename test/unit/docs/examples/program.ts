import { readFileSync } from 'node:fs';
import { Jailhouse, KernelError, openKernel } from '../../../../src/index';

export async function main(): Promise<void> {
  const kernel = await openKernel({ backend: 'emulated', board: 'imx8mm-evk' });
  const jailhouse = new Jailhouse(kernel);
  try {
    await jailhouse.enable(readFileSync('cells/imx8mm.cell'));
    await jailhouse.createCell(readFileSync('cells/imx8mm-gic-demo.cell'));
    const image = { source: readFileSync('inmates/gic-demo.bin'), targetAddress: 0n };
    await jailhouse.loadCell({ name: 'gic-demo' }, [image]);
    await jailhouse.startCell({ name: 'gic-demo' });
    for (const { id, name, state, assignedCpus } of await jailhouse.cells()) {
      console.log(`${id} ${name}: ${state}, CPUs ${assignedCpus.join(', ')}`);
    }
    const { sum } = await jailhouse.stats({ name: 'gic-demo' });
    console.log(`left the guest ${sum.get('vmexits_total')} times`);
    await jailhouse.disable();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    console.error(error.message, error.errno, error.hint);
  } finally {
    await kernel.close();
  }
}
