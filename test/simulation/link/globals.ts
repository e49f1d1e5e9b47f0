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
  globalThis.Date = virtualDate();
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
  // Errors are values to a run that throws thousands of them; where one comes from is of use to nobody before it fails.
  Error.stackTraceLimit = process.env.CROSSDOCK_STACKS === undefined ? 0 : 20;
  // As it is now, and no longer asked of the operating system: libraries look into it at every line of a log.
  process.env = { ...process.env };
}

/** Makes real dates, of virtual time where none is given: a class that extends Date would make each of them ten times as dear. */
function virtualDate(): DateConstructor {
  function VirtualDate(...given: unknown[]): Date | string {
    if (!new.target) return new RealDate(underneath().now()).toString();
    if (given.length === 0) return new RealDate(underneath().now());
    // @ts-expect-error Date's own overloads
    return given.length === 1 ? new RealDate(given[0]) : new RealDate(...given);
  }
  const { parse, UTC, prototype } = RealDate;
  const now = (): number => underneath().now();
  return Object.assign(VirtualDate, { parse, UTC, prototype, now }) as unknown as DateConstructor;
}

/** The real timers, for the simulator's own progress and its watchdog. */
export const real = { now: () => RealDate.now(), setTimeout: realTimeout, clearTimeout: realClear };
