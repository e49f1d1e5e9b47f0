export { relay as handler } from './chain.ts';
