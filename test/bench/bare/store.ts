import { logged, store } from './chain.ts';

export const handler = logged(store);
