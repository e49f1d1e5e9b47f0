export { store as handler } from './chain.ts';
