import { parseHost } from './host';
import { RemoteKernel } from './kernel';
import { openSsh } from './ssh';
import type { AgentChoice } from './host';
import type { SshOptions } from './ssh';

/** @param options `mayAsk`: at the first attempt; never when a link is made anew. @throws CellvisorError `E_HOST` */
export function remoteKernel(name: string, choice: AgentChoice, { mayAsk }: SshOptions): RemoteKernel {
  const host = parseHost(name);
  return new RemoteKernel({
    host: name,
    isUnattended: !mayAsk,
    open: (mayAskNow) => openSsh(host, choice, { mayAsk: mayAskNow }),
  });
}
