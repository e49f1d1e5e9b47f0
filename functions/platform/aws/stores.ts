import { once } from '../env.ts';
import { DynamoCases } from './case-store.ts';
import { DynamoCursors } from './cursor-store.ts';
import { DynamoJournal } from './journal-reader.ts';
import { DynamoOperations } from './operation-store.ts';
import { DynamoPauses } from './pause-store.ts';
import { DynamoStore } from './state-store.ts';
import { DynamoTimers, DynamoWaits } from './timer-store.ts';

/** The stores on DynamoDB, each made when it is first asked for; what a function does not ask for stays out of its bundle. */
export const stateStore = /* @__PURE__ */ once(() => new DynamoStore());
export const operationStore = /* @__PURE__ */ once(() => new DynamoOperations());
export const caseStore = /* @__PURE__ */ once(() => new DynamoCases());
export const waitStore = /* @__PURE__ */ once(() => new DynamoWaits());
export const timerStore = /* @__PURE__ */ once(() => new DynamoTimers());
export const cursorStore = /* @__PURE__ */ once(() => new DynamoCursors());
export const pauseStore = /* @__PURE__ */ once(() => new DynamoPauses());
export const journal = /* @__PURE__ */ once(() => new DynamoJournal());
