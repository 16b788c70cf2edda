/**
 * rounds FILE COUNT: in dom0, builds and destroys the domain of a configuration so often in one process, and prints as JSON what
 * was there before and after it, and how many of Xen's pages each round took. Goes on, to LONGEST rounds, until one took none. Wants
 * `--expose-gc`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { openKernel } from '../../../src/kernel/choose';
import { buildDomain } from '../../../src/xen/builder/build-domain';
import { readDomainConfig } from '../../../src/xen/config';
import { XenHost } from '../../../src/xen/host/xen-host';
import { destroyDomain } from '../../../src/xen/lifecycle/destroy';
import { USERDATA_FOLDER } from '../../../src/xen/userdata';

const [file = '', count = '1'] = process.argv.slice(2);
const MIB = 1 << 20;
const LONGEST = 20;

void main();

async function main(): Promise<void> {
  const kernel = await openKernel({ backend: 'hardware' });
  const host = await XenHost.open(kernel);
  const { hypervisor, xenstore: store } = host;
  const notice = (line: string) => void console.error(line);
  const round = async () => {
    const config = readDomainConfig(readFileSync(file, 'utf8'), file, notice);
    const { domid } = await buildDomain({ kernel, hypervisor, store, userdataFolder: USERDATA_FOLDER, notice }, config);
    for (const problem of await destroyDomain(store, hypervisor.domains, domid)) notice(problem);
  };
  // What is kept on purpose, such as pages for hypercalls, is there after the first one.
  await round();
  const before = await state(host);
  const memory = [memoryMib()];
  const taken: number[] = [];
  for (let done = 1; done <= Number(count) || (done <= LONGEST && !taken.includes(0)); done++) {
    const free = await freePages(host);
    await round();
    taken.push(free - (await freePages(host)));
    if (done % 10 === 0 || done === Number(count)) memory.push(memoryMib());
  }
  console.log(JSON.stringify({ before, after: await state(host), taken, memory }));
  await host.close();
  await kernel.close();
}

async function freePages({ hypervisor }: XenHost): Promise<number> {
  return Number((await hypervisor.host.physInfo()).freePages);
}

async function state({ hypervisor, xenstore }: XenHost) {
  const { outstandingPages } = await hypervisor.host.physInfo();
  return {
    outstandingPages: Number(outstandingPages),
    domains: (await hypervisor.domains.list()).length,
    xenstore: await xenstore.directory('/local/domain'),
    files: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
  };
}

/** After a garbage collection: what is held, of the heap, of buffers, and of the process. */
function memoryMib() {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return {
    heap: Math.round((10 * heapUsed) / MIB) / 10,
    buffers: Math.round((10 * arrayBuffers) / MIB) / 10,
    rss: Math.round(rss / MIB),
  };
}
