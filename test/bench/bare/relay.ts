import { logged, relay } from './chain.ts';

export const handler = logged(relay);
