import type { CallContext, OperationExecutor } from '#application/ports/connector.ts';
import type { Operation, OperationKind, Outcome, ProbeAnswer, ProbePolicy } from '#core/operations/operation.ts';
import { ShopifyClient } from './client.ts';
import { findFulfillment, makeFulfillment } from './fulfillment.ts';
import { manifest } from './manifest.ts';
import { findRefund, makeRefund } from './refund.ts';
import { confirmRefund, findConfirmed } from './refund-confirmation.ts';
import type { ShopifySettings } from './settings.ts';

export type ShopifyAccount = {
  readonly settings: ShopifySettings;
  /** The `accessToken` part of the account's secret. */
  readonly accessToken: () => Promise<string>;
};

/** Carries out one shop's operations. */
export function shopifyConnector({ settings, accessToken }: ShopifyAccount): OperationExecutor {
  const { callTimeoutSeconds } = manifest.limits;
  return new ShopifyExecutor(new ShopifyClient({ settings, accessToken, callTimeoutSeconds }));
}

type Handling = {
  make(client: ShopifyClient, operation: Operation, context: CallContext): Promise<Outcome>;
  find(client: ShopifyClient, operation: Operation, context: CallContext): Promise<ProbeAnswer>;
};

const HANDLINGS: Readonly<Partial<Record<OperationKind, Handling>>> = {
  'channel/refund': { make: makeRefund, find: findRefund },
  'channel/refund-confirmation': { make: confirmRefund, find: findConfirmed },
  'channel/fulfillment': { make: makeFulfillment, find: findFulfillment },
};

class ShopifyExecutor implements OperationExecutor {
  readonly kinds = Object.keys(HANDLINGS) as OperationKind[];
  readonly #client: ShopifyClient;

  constructor(client: ShopifyClient) {
    this.#client = client;
  }

  probePolicy(kind: OperationKind): ProbePolicy {
    return manifest.operations[kind] ?? { read: 'impossible' };
  }

  execute(operation: Operation, context: CallContext): Promise<Outcome> {
    return handling(operation).make(this.#client, operation, context);
  }

  probe(operation: Operation, context: CallContext): Promise<ProbeAnswer> {
    return handling(operation).find(this.#client, operation, context);
  }
}

function handling({ key, kind }: Operation): Handling {
  const found = HANDLINGS[kind];
  if (found) return found;
  throw new Error(`operation ${key} of kind ${kind} was routed to Shopify, which does not carry it out`);
}
