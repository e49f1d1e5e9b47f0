import { underneath } from './current.ts';

/**
 * AbortSignals of virtual time. A real one of a time-out keeps its timer until it fires, and makes an error object for
 * nobody; one of these knows its end and sets a timer only while somebody listens.
 */
export class VirtualSignal {
  readonly #end: number;
  readonly #listeners = new Map<() => void, () => void>();

  constructor(end: number) {
    this.#end = end;
  }

  get end(): number {
    return this.#end;
  }

  get aborted(): boolean {
    return underneath().now() >= this.#end;
  }

  get reason(): unknown {
    return this.aborted ? new DOMException('The operation was aborted due to timeout', 'TimeoutError') : undefined;
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    const left = Math.max(0, this.#end - underneath().now());
    this.#listeners.set(listener, underneath().timer(left, listener));
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.get(listener)?.();
    this.#listeners.delete(listener);
  }

  static timeout(milliseconds: number): AbortSignal {
    return new VirtualSignal(underneath().now() + milliseconds) as unknown as AbortSignal;
  }

  /** The first to end ends the whole. */
  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const ends = [...signals].map((signal) => (signal as unknown as VirtualSignal).end);
    return new VirtualSignal(Math.min(...ends)) as unknown as AbortSignal;
  }
}
