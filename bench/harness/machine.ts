import { cpus, totalmem } from 'node:os';
import { findQemu } from './qemu';

/** The machine that the figures belong to, in one line. */
export async function describeMachine(): Promise<string> {
  const qemu = await findQemu();
  const gib = Math.round(totalmem() / 2 ** 30);
  return [
    `${cpus().length} CPUs (${cpus()[0]?.model ?? 'unknown'})`,
    `${gib} GiB of memory`,
    `Node.js ${process.versions.node}`,
    'version' in qemu ? `QEMU ${qemu.version}` : qemu.missing,
  ].join(', ');
}
