import { Dashboard } from '../../../dashboard/dashboard';
import { processTerminal, untilLeft } from '../../whole-terminal';
import { boardSources } from './sources';
import type { Environment } from '../../command';
import type { TopOptions } from './options';

/** Runs the dashboard on this process's terminal. However it ends, the terminal is given back. */
export async function runTop(options: TopOptions, env: Environment): Promise<number> {
  const boards = await boardSources(options, env);
  const { intervalMs, isReadOnly } = options;
  const dashboard = new Dashboard({ boards, intervalMs, isReadOnly, terminal: processTerminal(env) });
  await untilLeft({
    done: dashboard.done,
    close: () => {
      dashboard.close();
      // An ssh that still waits for its host would outlive us.
      for (const { kernel } of boards) void kernel.close();
    },
  });
  return 0;
}
