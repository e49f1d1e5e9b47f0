import { underneath } from '../current.ts';

/** `setTimeout` of node:timers/promises, in virtual time. */
export const setTimeout = (milliseconds: number): Promise<void> => underneath().sleep(milliseconds);
