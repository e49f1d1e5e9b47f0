import { perAccount } from '../../../../handlers/wiring/executing.ts';
import { TrytonReader } from '../reader.ts';
import { accessTo } from './account.ts';

/** The reader of a configured account, made once a sandbox. */
export const trytonReader = perAccount((target) => new TrytonReader(accessTo(target)));
