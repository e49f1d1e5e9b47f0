import type { FunctionSpec } from '../../../functions/topology.ts';
import type { Dice } from '../kernel/faults.ts';
import type { Loop } from '../kernel/loop.ts';
import { type Invocation, within } from '../link/current.ts';

export type LambdaHandler = (event: unknown, context: unknown) => Promise<unknown>;

/** A function as it is deployed: its entry, its limits, its environment. */
export type Deployed = {
  readonly spec: FunctionSpec;
  readonly handler: LambdaHandler;
  readonly environment: Readonly<Record<string, string>>;
};

export type Ended =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: Error }
  /** Crash or time-out: nobody knows how far it came. */
  | { readonly kind: 'died'; readonly why: string };

type Ports = { readonly loop: Loop; readonly dice: Dice; readonly trace: (line: string) => void };

/**
 * Functions in their sandboxes. A sandbox takes one event at a time and is used again; one whose invocation died is gone
 * with all that was kept in it, and a further event that comes meanwhile gets a sandbox of its own.
 */
export class SimLambda {
  readonly #ports: Ports;
  readonly #functions = new Map<string, Deployed>();
  readonly #warm = new Map<string, Map<object, unknown>[]>();
  readonly #running = new Set<Invocation>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  deploy(one: Deployed): void {
    this.#functions.set(one.spec.id, one);
  }

  /** Invocations under way. */
  get running(): number {
    return this.#running.size;
  }

  invoke(functionId: string, event: unknown): Promise<Ended> {
    const deployed = this.#functions.get(functionId);
    if (!deployed) throw new Error(`no function "${functionId}" is deployed`);
    return this.run(functionId, deployed, (context) => deployed.handler(event, context));
  }

  /** Runs any work as a function would: in a sandbox, with a time limit, and in danger of its life. */
  run(
    functionId: string,
    {
      spec,
      environment,
    }: { readonly spec: Pick<FunctionSpec, 'timeoutSeconds'>; readonly environment: Deployed['environment'] },
    work: (context: unknown) => Promise<unknown>,
  ): Promise<Ended> {
    const { loop, dice, trace } = this.#ports;
    const kept = this.#warm.get(functionId)?.pop() ?? new Map<object, unknown>();
    const limit = spec.timeoutSeconds * 1000;
    const deadline = loop.now + limit;
    return new Promise((resolve) => {
      const end = (how: Ended): void => {
        if (one.ended) return;
        one.ended = true;
        timeout.cancelled = true;
        this.#running.delete(one);
        if (how.kind === 'died') trace(`  ${functionId} died: ${how.why}`);
        else this.#warmUp(functionId, kept);
        resolve(how);
      };
      const one: Invocation = {
        functionId,
        sandbox: { environment, kept },
        ended: false,
        crash: (why) => end({ kind: 'died', why }),
      };
      this.#running.add(one);
      const timeout = loop.after(limit, () => end({ kind: 'died', why: `timed out after ${spec.timeoutSeconds} s` }));
      if (dice.strikes('lambda.hangs')) return;
      const context = { getRemainingTimeInMillis: () => Math.max(0, deadline - loop.now), functionName: functionId };
      within(one, () => work(context)).then(
        (value) => end({ kind: 'returned', value }),
        (error: unknown) => end({ kind: 'threw', error: error instanceof Error ? error : new Error(String(error)) }),
      );
    });
  }

  #warmUp(functionId: string, kept: Map<object, unknown>): void {
    const warm = this.#warm.get(functionId) ?? [];
    warm.push(kept);
    this.#warm.set(functionId, warm);
  }
}
