import type { CallContext } from '#application/ports/connector.ts';
import type { Operation, Outcome, ProbeAnswer } from '#core/operations/operation.ts';
import type { ShopifyClient } from './client.ts';
import { rejected } from './graphql.ts';
import { findRefund } from './refund.ts';

/**
 * `channel/refund-confirmation`: whether a refund that Shopify took stands in its books, for when its `refunds/create`
 * webhook was lost. Only reads, so that being cut off and asked again costs nothing.
 */
export async function confirmRefund(
  client: ShopifyClient,
  operation: Operation,
  context: CallContext,
): Promise<Outcome> {
  const found = await findConfirmed(client, operation, context);
  switch (found.kind) {
    case 'found': {
      const { ref, facts } = found;
      return { kind: 'applied', ref, ...(facts && { facts }) };
    }
    case 'absent':
      return rejected('REFUND_NOT_FOUND', 'the shop shows no refund of ours that moved money');
    default:
      return found;
  }
}

/** The refund bears the key of the operation that pays it. */
export const findConfirmed = (
  client: ShopifyClient,
  operation: Operation,
  context: CallContext,
): Promise<ProbeAnswer> =>
  findRefund(
    client,
    { ...operation, key: operation.key.replace(/^channel\/refund-confirmation\//, 'channel/refund/') },
    context,
  );
