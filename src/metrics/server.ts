import { createServer } from 'node:http';
import { CellvisorError } from '../errors';
import { chooseExposition, CONTENT_TYPES, expose } from './exposition';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BoardObserver } from './observation';

export interface ListenAddress {
  /** Name or address; undefined: all interfaces. */
  readonly host: string | undefined;
  /** 0: any that is free. */
  readonly port: number;
}

/** A connection that is kept alive ends only with it, too. */
const CLOSE_TIMEOUT_MS = 500;

const INDEX = '<!doctype html><title>Cellvisor</title><h1>Cellvisor</h1><p><a href="/metrics">Metrics</a>\n';

/** Answers scrapes of one board over HTTP, on /metrics. Each scrape looks at the board; nothing happens in between. */
export class MetricsServer {
  private constructor(
    private readonly server: Server,
    /** Such as `http://127.0.0.1:9853/metrics`. */
    readonly url: string,
  ) {}

  /** @throws CellvisorError `E_LISTEN` when the address is in use, or is none of this machine */
  static async listen(address: ListenAddress, observer: BoardObserver): Promise<MetricsServer> {
    const server = createServer((request, response) => void answer(request, response, observer));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(address, cause)));
      server.listen({ port: address.port, host: address.host }, resolve);
    });
    const { address: host, family, port } = server.address() as AddressInfo;
    return new MetricsServer(server, `http://${family === 'IPv6' ? `[${host}]` : host}:${port}/metrics`);
  }

  /** Resolves when the scrapes that are under way are answered, or their clients did not take the answer in time. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeIdleConnections();
    const timer = setTimeout(() => this.server.closeAllConnections(), CLOSE_TIMEOUT_MS);
    await closed;
    clearTimeout(timer);
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, observer: BoardObserver): Promise<void> {
  const { method, url = '/' } = request;
  const send = (status: number, contentType: string, body: string) => {
    const lengthBytes = Buffer.byteLength(body);
    response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': lengthBytes });
    response.end(method === 'HEAD' ? undefined : body);
  };
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return send(405, 'text/plain', 'only GET and HEAD\n');
  }
  const path = url.split('?', 1)[0];
  if (path === '/') return send(200, 'text/html', INDEX);
  if (path !== '/metrics') return send(404, 'text/plain', 'metrics are at /metrics\n');
  try {
    const exposition = chooseExposition(request.headers.accept);
    send(200, CONTENT_TYPES[exposition], await expose(await observer.observe(), exposition));
  } catch (error) {
    send(500, 'text/plain', `${error instanceof Error ? error.message : String(error)}\n`);
  }
}

const REASONS: Readonly<Record<string, { readonly text: string; readonly hint: string }>> = {
  EADDRINUSE: { text: 'the address is in use', hint: 'another exporter may run; --listen takes another port' },
  EADDRNOTAVAIL: { text: 'this machine does not have the address', hint: 'ip address shows those it has' },
  EACCES: { text: 'permission denied', hint: 'only root may listen on ports below 1024' },
  ENOTFOUND: { text: 'no such host', hint: 'use an address, such as 127.0.0.1' },
};

function listenError({ host, port }: ListenAddress, cause: NodeJS.ErrnoException): CellvisorError {
  const { text, hint } = REASONS[cause.code ?? ''] ?? { text: cause.message, hint: undefined };
  return new CellvisorError(`cannot listen on ${host ?? ''}:${port}: ${text}`, {
    code: 'E_LISTEN',
    operation: 'listen',
    hint,
    cause,
  });
}
