import { authorization } from './authorization.ts';
import type { Bench } from './bench.ts';
import { bundles } from './bundles.ts';
import { capture } from './capture.ts';
import { coldStart } from './cold-start.ts';
import { cost } from './cost.ts';
import { settlement } from './settlement.ts';
import { webhook } from './webhook.ts';

/** Every bench, in the order in which they run. A new one is a file beside this and a place in this list. */
export const BENCHES: readonly Bench[] = [bundles, webhook, authorization, coldStart, capture, cost, settlement];
