import type { Clock, IdSource } from '#application/ports/runtime.ts';
import { underneath } from '../current.ts';

export const systemClock: Clock = { now: () => new Date(underneath().now()).toISOString() };

export const ulids = (): IdSource => ({ next: () => underneath().nextId() });
