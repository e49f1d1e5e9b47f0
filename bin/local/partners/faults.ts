/**
 * Bad days of a partner, armed for a number of requests of one operation (`*` for any):
 *
 * - `lose-answer`: does the work, then drops the connection;
 * - `delay`: does the work, then waits before it answers;
 * - `throttle`: refuses because we call too often, before any effect;
 * - `unavailable`: answers 503 before any effect;
 * - `refuse`: refuses by its business rules.
 */
export type Fault = {
  readonly operation: string;
  readonly kind: 'lose-answer' | 'delay' | 'throttle' | 'unavailable' | 'refuse';
  readonly times: number;
  /** Of `delay`. */
  readonly delayMs?: number;
  /** Of `throttle`: told to the caller when given. */
  readonly retryAfterSeconds?: number;
  /** Of `throttle`: 429, or 200 with the error in the body, as the partner is seen to do both. */
  readonly status?: 200 | 429;
  /** Of `refuse`. */
  readonly message?: string;
};

export class Faults {
  #armed: { fault: Fault; left: number }[] = [];

  arm(fault: Fault): void {
    this.#armed.push({ fault, left: fault.times });
  }

  clear(): void {
    this.#armed = [];
  }

  /** The fault that strikes this request, if one is armed for it; each strikes as often as it was armed for. */
  strike(operation: string, ...kinds: Fault['kind'][]): Fault | undefined {
    const found = this.#armed.find(
      ({ fault, left }) =>
        left > 0 && kinds.includes(fault.kind) && (fault.operation === '*' || fault.operation === operation),
    );
    if (found) found.left -= 1;
    return found?.fault;
  }

  get armed(): readonly Fault[] {
    return this.#armed.filter(({ left }) => left > 0).map(({ fault, left }) => ({ ...fault, times: left }));
  }
}

/** Reads a fault from a control request; throws with what is wrong. */
export function parseFault(value: unknown): Fault {
  const fault = value as Fault;
  const kinds: Fault['kind'][] = ['lose-answer', 'delay', 'throttle', 'unavailable', 'refuse'];
  if (typeof fault !== 'object' || fault === null || typeof fault.operation !== 'string') {
    throw new Error('a fault names its "operation": a mutation or query, or "*" for any');
  }
  if (!kinds.includes(fault.kind)) throw new Error(`"${fault.kind}" is no kind of fault: use ${kinds.join(', ')}`);
  if (!Number.isInteger(fault.times) || fault.times < 1) throw new Error('"times" is a whole number above zero');
  return fault;
}
