import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to a request, by its JSON-RPC method. */
export type Fate =
  | 'deliver'
  /** The ERP does it, and the answer is lost on the way back. */
  | 'lose-answer'
  /** The connection breaks before the ERP sees anything; the caller can't know that. */
  | 'lose-request';

/** A wire between the connector and the ERP that breaks when it is told to. */
export class FaultyWire {
  /** Asked for every request; `nth` counts the requests of that method from 1. */
  fate: (method: string, nth: number) => Fate | Promise<Fate> = () => 'deliver';
  /** Changes answers on their way, for a server that errs. */
  tamper: (method: string, body: string) => string = (_method, body) => body;
  readonly seen: string[] = [];
  readonly #target: URL;
  readonly #server: Server;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((request, response) => {
      this.#carry(request, response).catch(() => response.destroy());
    });
  }

  static async to(target: string): Promise<FaultyWire> {
    const wire = new FaultyWire(target);
    await new Promise<void>((ready) => wire.#server.listen(0, '127.0.0.1', ready));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bytes(request);
    const { method } = JSON.parse(body.toString()) as { method: string };
    this.seen.push(method);
    const fate = await this.fate(method, this.seen.filter((one) => one === method).length);
    if (fate === 'lose-request') {
      response.destroy();
      return;
    }
    const answer = await this.#forward(request, body);
    if (fate === 'lose-answer') {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': answer.type });
    response.end(this.tamper(method, answer.body.toString()));
  }

  #forward(request: IncomingMessage, body: Buffer): Promise<{ status: number; type: string; body: Buffer }> {
    return new Promise((answered, failed) => {
      const { host: _host, connection: _connection, ...headers } = request.headers;
      const options = { method: 'POST', path: request.url ?? '/', headers, agent: false };
      const onward = httpRequest(this.#target, options, async (answer) => {
        const type = answer.headers['content-type'] ?? 'application/json';
        answered({ status: answer.statusCode ?? 0, type, body: await bytes(answer) });
      });
      onward.on('error', failed);
      onward.end(body);
    });
  }
}

async function bytes(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
