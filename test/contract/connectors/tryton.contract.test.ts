import { conformance } from './kit.ts';
import { tryton } from './kits/tryton.ts';

conformance('tryton', tryton);
