import type { Dice } from '../kernel/faults.ts';
import type { Loop } from '../kernel/loop.ts';
import type { Random } from '../kernel/random.ts';
import { invocation } from '../link/current.ts';
import type { PartnerServer, SimResponse } from './partner.ts';

type Ports = {
  readonly loop: Loop;
  readonly dice: Dice;
  readonly random: Random;
  readonly trace: (line: string) => void;
  readonly tracing: boolean;
};

type Served = { readonly name: string; readonly server: PartnerServer };

/**
 * The network between our functions and partners: every way in which a request or its answer can get lost, late, or be
 * answered by something in between. What a partner itself does wrong is the partner's own affair.
 */
export class SimNetwork {
  readonly #ports: Ports;
  readonly #hosts = new Map<string, Served>();
  /** Hears of every request that a partner has carried out for one of our functions, by the partner's name. */
  onServed: (name: string) => void = () => {};

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  serve(origin: string, name: string, server: PartnerServer): void {
    this.#hosts.set(origin, { name, server });
  }

  fetch(url: string, init: RequestInit): Promise<Response> {
    const { loop, dice, random, trace, tracing } = this.#ports;
    const caller = invocation();
    const served = this.#hosts.get(originOf(url));
    if (!served) throw new Error(`nothing is served at ${originOf(url)}`);
    const { signal } = init;
    const { name, server } = served;
    return new Promise((resolve, reject) => {
      if (caller?.ended) return;
      let settled = false;
      const settle = (answer: () => void): void => {
        if (settled || caller?.ended) return;
        settled = true;
        signal?.removeEventListener('abort', aborted);
        answer();
      };
      const aborted = (): void => settle(() => reject(signal?.reason));
      if (signal?.aborted) return aborted();
      signal?.addEventListener('abort', aborted);

      const answer = (response: SimResponse) => settle(() => resolve(responseOf(response)));
      const serve = (): SimResponse => {
        const response = server.handle({
          method: init.method ?? 'GET',
          url,
          headers: (init.headers ?? {}) as Record<string, string>,
          body: bodyOf(init.body),
          now: loop.now,
        });
        if (tracing)
          trace(`  ${name} ← ${bodyOf(init.body).slice(0, 300)} → ${response.status} ${response.body.slice(0, 300)}`);
        return response;
      };
      const soon = random.int(5, 120);

      if (dice.strikes('network.not-connected')) {
        loop.after(soon, () => settle(() => reject(failure('ECONNREFUSED', 'connect'))));
      } else if (dice.strikes('network.request-lost')) {
        // Nothing ever comes: the caller's own time-out ends it.
      } else if (dice.strikes('network.error-before')) {
        loop.after(soon, () => answer({ status: random.pick([500, 502, 503]), headers: {}, body: 'out of order' }));
      } else {
        loop.after(soon, () => {
          if (caller && !caller.ended && dice.strikes('lambda.crash-before-effect'))
            return caller.crash(`before ${name} was asked`);
          const response = serve();
          this.onServed(name);
          if (caller && !caller.ended && dice.strikes('lambda.crash-after-effect'))
            return caller.crash(`after ${name} had acted`);
          if (dice.strikes('network.answer-lost')) {
            loop.after(random.int(1, 3_000), () => settle(() => reject(failure('ECONNRESET', 'read'))));
          } else if (dice.strikes('network.error-after')) {
            answer({ status: random.pick([500, 502, 504]), headers: {}, body: 'bad gateway' });
          } else if (dice.strikes('network.answer-late')) {
            loop.after(random.int(10_000, 180_000), () => answer(response));
          } else {
            answer(response);
          }
        });
      }
    });
  }
}

/** Scheme and host. */
function originOf(url: string): string {
  const end = url.indexOf('/', url.indexOf('://') + 3);
  return end < 0 ? url : url.slice(0, end);
}

const failure = (code: string, syscall: string): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code, syscall }) });

const bodyOf = (body: RequestInit['body']): string =>
  typeof body === 'string' ? body : body instanceof Uint8Array ? Buffer.from(body).toString('latin1') : '';

function headerIn(headers: SimResponse['headers'], lowerName: string): string | null {
  for (const name in headers) if (name.toLowerCase() === lowerName) return headers[name] ?? null;
  return null;
}

/** As much of a Response as our own clients read. */
function responseOf({ status, headers, body }: SimResponse): Response {
  const bytes = Buffer.from(body);
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name: string) => headerIn(headers, name.toLowerCase()) },
    body: {
      [Symbol.asyncIterator]: async function* () {
        yield bytes;
      },
      cancel: async () => undefined,
    },
    arrayBuffer: async () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    text: async () => body,
  } as unknown as Response;
}
