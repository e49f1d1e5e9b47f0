import { fingerprint } from '../kernel/fingerprint.ts';
import { type ReturnId, returnKey } from './return.ts';

/** Crockford's base 32: no I, L, O or U that people would misread. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 10;

/** The number people use for a return, made of its identity: the same return has the same number at every try. */
export function rmaOf(id: ReturnId): string {
  const bytes = Buffer.from(fingerprint(returnKey(id)), 'base64url');
  const digits = Array.from({ length: LENGTH }, (_, index) => DIGITS[(bytes[index] ?? 0) % DIGITS.length]);
  return `RMA-${digits.join('')}`;
}
