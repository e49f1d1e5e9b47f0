export { call as handler } from './chain.ts';
