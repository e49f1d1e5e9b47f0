import { call, logged } from './chain.ts';

export const handler = logged(call);
