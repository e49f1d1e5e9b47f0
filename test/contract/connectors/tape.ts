import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { expect } from 'vitest';

/** What a partner answers to one request. */
export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is a text. */
  readonly body?: unknown;
  /** The request arrives and the connection breaks: before the answer, or in the middle of it. */
  readonly breaks?: 'before-answer' | 'in-answer';
};

export type Exchange = {
  readonly name: string;
  readonly request: {
    readonly path: string;
    /** Lower-case names; only these are compared. */
    readonly headers?: Readonly<Record<string, string>>;
    /** The whole JSON body; may hold matchers such as `expect.stringContaining`. */
    readonly body: unknown;
  };
  readonly answer: Answer;
  /** It changes something at the partner. */
  readonly effect?: boolean;
  /** The connector remembers the answer (a session, an id) and does not ask again for a while. */
  readonly kept?: boolean;
};

/**
 * A partner played from a tape, over real HTTP on the loopback address. The requests must be the ones on the tape, in their
 * order; anything else, and anything left over, is a failure when the tape is taken out.
 */
export class Tape {
  readonly #exchanges: readonly Exchange[];
  readonly #faults: string[] = [];
  readonly #server: Server;
  #next = 0;

  private constructor(exchanges: readonly Exchange[]) {
    this.#exchanges = exchanges;
    this.#server = createServer((request, response) => {
      this.#play(request, response).catch((error: unknown) => {
        this.#faults.push(String(error));
        response.destroy();
      });
    });
  }

  /** Plays a tape while `work` goes on, and fails for every request that was not on it and every one that did not come. */
  static async playing<T>(exchanges: readonly Exchange[], work: (url: string) => Promise<T>): Promise<T> {
    const tape = new Tape(exchanges);
    await new Promise<void>((ready) => tape.#server.listen(0, '127.0.0.1', ready));
    try {
      const result = await work(`http://127.0.0.1:${(tape.#server.address() as AddressInfo).port}`);
      tape.#takeOut();
      return result;
    } catch (error) {
      // What went wrong on the wire explains what went wrong after it.
      if (tape.#faults.length > 0) throw new Error(tape.#faults.join('\n'), { cause: error });
      throw error;
    } finally {
      tape.#server.closeAllConnections();
      await new Promise((closed) => tape.#server.close(closed));
    }
  }

  async #play(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const at = this.#next++;
    const exchange = this.#exchanges[at];
    const fault = exchange ? difference(exchange, request, body) : `the tape has ended, and there comes ${body}`;
    if (!exchange || fault !== undefined) {
      this.#faults.push(
        `request ${at + 1} is not the one on the tape (${exchange?.name ?? 'none'}): ${fault}\n${body}`,
      );
      response.writeHead(500).end();
      return;
    }
    give(exchange.answer, request, response);
  }

  #takeOut(): void {
    const unused = this.#exchanges.slice(this.#next).map(({ name }) => `"${name}" was not asked`);
    const wrong = [...this.#faults, ...unused];
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  }
}

/** What is wrong with a request, in words; undefined when it is the one. */
function difference({ request: wanted }: Exchange, request: IncomingMessage, body: string): string | undefined {
  const { method, url } = request;
  if (method !== 'POST' || url !== wanted.path) return `it is ${method} ${url} and not POST ${wanted.path}`;
  for (const [name, value] of Object.entries(wanted.headers ?? {})) {
    if (request.headers[name] !== value) return `its ${name} is "${request.headers[name]}" and not "${value}"`;
  }
  if (fits(JSON.parse(body), wanted.body)) return undefined;
  return `its body is\n${body}\nand not\n${inspect(wanted.body, { depth: 12, breakLength: Number.POSITIVE_INFINITY })}`;
}

function fits(given: unknown, wanted: unknown): boolean {
  try {
    expect(given).toEqual(wanted);
    return true;
  } catch {
    return false;
  }
}

/** Answers a request, or breaks its connection. */
export function give(
  { status = 200, headers = {}, body, breaks }: Answer,
  request: IncomingMessage,
  response: ServerResponse,
) {
  if (breaks === 'before-answer') {
    request.socket.resetAndDestroy();
    return;
  }
  const written = typeof body === 'string' ? body : JSON.stringify(body ?? {});
  const length = String(Buffer.byteLength(written));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': length, ...headers });
  if (breaks === 'in-answer') response.write(written.slice(0, written.length / 2), () => response.destroy());
  else response.end(written);
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}
