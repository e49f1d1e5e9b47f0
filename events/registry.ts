import * as cases from './cases/case.ts';
import * as claims from './claims/claim.ts';
import type { Contract } from './envelope.ts';
import * as orders from './orders/order.ts';
import * as refunds from './refunds/refund.ts';
import * as returns from './returns/return.ts';
import * as settlements from './settlements/settlement.ts';

/** Every event that Crossdock publishes, once. Type strings exist nowhere else. */
export const REGISTRY: readonly Contract[] = [cases, claims, orders, returns, refunds, settlements]
  .flatMap((context) => Object.values(context) as unknown[])
  .filter(isContract)
  // Module namespaces come in one order from Node and in another from bundlers.
  .sort((a, b) => (a.type < b.type ? -1 : 1));

/** The contract of an event type. Throws for a type that is not registered. */
export function contractOf(type: string): Contract {
  const found = REGISTRY.find((one) => one.type === type);
  if (!found) throw new Error(`"${type}" is not a registered event type`);
  return found;
}

/** Contexts also export the schemas that their contracts share. */
function isContract(value: unknown): value is Contract {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value && 'source' in value;
}
