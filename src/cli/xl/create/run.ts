import { buildDomain } from '../../../xen/builder/build-domain';
import { buildHost } from './host';
import type { DomainConfig } from '../../../xen/config';
import type { CommandIo } from '../../command';
import type { Xl } from '../xl';
import type { CreateArguments } from './arguments';

/** Builds the domain, lets it run, and leaves somebody behind who handles its end. Returns the exit code. */
export async function createDomain(config: DomainConfig, request: CreateArguments, xl: Xl): Promise<number> {
  const { io } = xl;
  const host = await buildHost(xl);
  const { domid } = await buildDomain(host, config);
  // The console is attached before the domain runs: nothing of what it prints is missed.
  const console = request.withConsole ? await startConsole(io, domid) : undefined;
  if (!request.isPaused) await host.hypervisor.domains.unpause(domid);
  if (request.monitor === 'background') {
    // Processes take time to load: the domain runs meanwhile.
    const { startMonitor } = await import('./start-monitor');
    await startMonitor(io.programPath, domid, config.name);
  }
  if (request.monitor === 'foreground') {
    const { monitorDomain } = await import('../../../xen/monitor/monitor');
    await monitorDomain({ ...host, log: (line) => io.err(`${line}\n`) }, domid);
  }
  return console === undefined ? 0 : await console.ended;
}

async function startConsole(io: CommandIo, domid: number): Promise<{ readonly ended: Promise<number> }> {
  const { spawn } = await import('node:child_process');
  const child = spawn(process.execPath, [io.programPath, 'console', String(domid)], { stdio: 'inherit' });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  return { ended };
}
