import { underneath } from './current.ts';
import { VirtualSignal } from './signals.ts';

const RealDate = Date;
const realTimeout = setTimeout;
const realClear = clearTimeout;

/**
 * Replaces what the language itself offers of time, chance and network, for good: in the process of a simulation nothing can
 * see the real clock, draw real chance or open a socket, be it a library or a line that somebody forgot.
 */
export function takeOverGlobals(): void {
  globalThis.Date = class extends RealDate {
    constructor(...given: unknown[]) {
      // @ts-expect-error Date's own overloads
      super(...(given.length === 0 ? [underneath().now()] : given));
    }

    static override now(): number {
      return underneath().now();
    }
  } as DateConstructor;
  Math.random = () => underneath().chance();
  globalThis.fetch = ((url: URL | string, init: RequestInit = {}) =>
    underneath().fetch(String(url), init)) as typeof fetch;
  AbortSignal.timeout = VirtualSignal.timeout;
  AbortSignal.any = VirtualSignal.any;
  globalThis.setTimeout = ((work: () => void, milliseconds = 0) => {
    const cancel = underneath().timer(milliseconds, work);
    return { [Symbol.toPrimitive]: () => 0, ref() {}, unref() {}, hasRef: () => false, close: cancel, cancel };
  }) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((timer: { cancel?: () => void } | undefined) => timer?.cancel?.()) as typeof clearTimeout;
  console.warn = () => {};
  // As it is now, and no longer asked of the operating system: libraries look into it at every line of a log.
  process.env = { ...process.env };
}

/** The real timers, for the simulator's own progress and its watchdog. */
export const real = { now: () => RealDate.now(), setTimeout: realTimeout, clearTimeout: realClear };
