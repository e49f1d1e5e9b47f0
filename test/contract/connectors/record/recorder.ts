import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Recorded = {
  readonly path: string;
  readonly authorization?: string;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
};

/** Stands between a connector and its partner and writes down what goes over the wire. For JSON both ways. */
export class Recorder {
  readonly #target: URL;
  readonly #server: Server;
  #recorded: Recorded[] = [];

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((request, response) => {
      this.#carry(request, response).catch(() => response.destroy());
    });
  }

  static async before(target: string): Promise<Recorder> {
    const recorder = new Recorder(target);
    await new Promise<void>((ready) => recorder.#server.listen(0, '127.0.0.1', ready));
    return recorder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What went over the wire while `work` went on. */
  async during<T>(work: () => Promise<T>): Promise<{ result: T; recorded: readonly Recorded[] }> {
    this.#recorded = [];
    const result = await work();
    return { result, recorded: this.#recorded };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    const { authorization } = request.headers;
    const path = request.url ?? '/';
    const answered = await fetch(new URL(path, this.#target), {
      method: request.method ?? 'POST',
      headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
      body,
    });
    const answer = await answered.text();
    this.#recorded.push({
      path,
      ...(authorization !== undefined && { authorization }),
      body: JSON.parse(body),
      status: answered.status,
      answer: parsed(answer),
    });
    response.writeHead(answered.status, { 'content-type': answered.headers.get('content-type') ?? 'text/plain' });
    response.end(answer);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
