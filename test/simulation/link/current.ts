import { AsyncLocalStorage } from 'node:async_hooks';
import type { FaultPoint, LogFields } from '#application/ports/runtime.ts';
import type { Sandbox } from '#platform/sandbox.ts';

/** One run of a function: what the modules in `swapped/` know of their caller. */
export type Invocation = {
  readonly functionId: string;
  readonly sandbox: Sandbox;
  /** Ended by its own answer, a crash or its time-out; whatever it still waits for never comes. */
  ended: boolean;
  /** Ends it as a crash does: no line of it runs after this. */
  readonly crash: (why: string) => void;
};

/** What stands below the swapped modules. */
export interface Underneath {
  /** Epoch milliseconds, virtual. */
  now(): number;
  /** A call of an AWS SDK client. */
  aws(
    service: string,
    command: { readonly constructor: { readonly name: string }; readonly input: unknown },
  ): Promise<unknown>;
  fetch(url: string, init: RequestInit): Promise<Response>;
  faultPoint(point: FaultPoint, id: string): Promise<void>;
  sleep(milliseconds: number): Promise<void>;
  /** Runs `then` after a virtual time; answers how to call it off. */
  timer(milliseconds: number, then: () => void): () => void;
  nextId(): string;
  /** A line of a function's log. */
  logged(message: string, fields: LogFields): void;
  chance(): number;
}

const running = new AsyncLocalStorage<Invocation>();
let current: Underneath | undefined;

export const invocation = (): Invocation | undefined => running.getStore();
export const within = <T>(one: Invocation, work: () => T): T => running.run(one, work);

/** Puts a world below the swapped modules; there is one at a time. */
export function underneath(): Underneath {
  if (current) return current;
  throw new Error('nothing runs: the simulator has put no world below this module yet');
}

export function put(world: Underneath | undefined): void {
  current = world;
}
