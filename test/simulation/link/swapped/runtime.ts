import type { Clock, IdSource } from '#application/ports/runtime.ts';
import { underneath } from '../current.ts';

let known = { at: Number.NaN, text: '' };

export const systemClock: Clock = {
  now() {
    const at = underneath().now();
    if (at !== known.at) known = { at, text: new Date(at).toISOString() };
    return known.text;
  },
};

export const ulids = (): IdSource => ({ next: () => underneath().nextId() });
