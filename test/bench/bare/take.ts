import { logged } from './chain.ts';
import { handler as receive } from './receive.ts';

export const handler = logged(receive);
