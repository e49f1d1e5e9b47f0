import type { Sandbox } from '#platform/sandbox.ts';
import { invocation } from '../current.ts';

export type { Sandbox };

/** What is made outside of any invocation: a stand-in that holds nothing. */
const nowhere: Sandbox = { environment: {}, kept: new Map() };

export const sandbox = (): Sandbox => invocation()?.sandbox ?? nowhere;
