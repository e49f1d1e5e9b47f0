import { type LookUpPorts, lookUpOrder } from '#application/orders/look-up-order.ts';
import { cancelReturn } from '#application/returns/cancel-return.ts';
import type { ReturnPorts } from '#application/returns/change-return.ts';
import {
  cancelRequestSchema,
  orderQuestionSchema,
  returnQuestionSchema,
} from '#application/returns/look-up-requests.ts';
import { lookUpReturn } from '#application/returns/look-up-return.ts';
import type { ApiClient } from '#platform/handlers/api-clients.ts';
import { type ApiRoute, bodyOf, parametersOf } from '#platform/handlers/api-routes.ts';
import type { HttpRequest } from '#platform/handlers/http-request.ts';

export type ReturnRoutePorts = ReturnPorts & LookUpPorts & { readonly now: () => string };

/** What a returns platform reads of orders and of its own returns, and how it takes a return back. */
export const returnRoutes = (ports: () => ReturnRoutePorts): readonly ApiRoute[] => [
  {
    method: 'GET',
    path: '/v1/returns/{returnId}',
    signs: 'request',
    async run(request, { client }) {
      return { status: 200, body: await lookUpReturn(ports(), returnIdOf(request, client)) };
    },
  },
  {
    method: 'POST',
    path: '/v1/returns/{returnId}/cancel',
    signs: 'request',
    async run(request, { client, correlationId, traceparent }) {
      const id = returnIdOf(request, client);
      if (request.body.byteLength > 0) bodyOf(cancelRequestSchema, request);
      const cause = {
        now: ports().now(),
        correlationId,
        causationId: `generic/${client.account}/cancellation/${id.returnId}`,
        ...(traceparent !== undefined && { traceparent }),
      };
      return { status: 200, body: await cancelReturn(ports(), id, cause) };
    },
  },
  {
    method: 'GET',
    path: '/v1/orders/{reference}',
    signs: 'request',
    async run(request, { client }) {
      const { reference, channel, account } = parametersOf(orderQuestionSchema, request);
      const question = { reference, ...(channel && { channel }), ...(account && { account }) };
      const { channels } = client.rules;
      const asker = {
        platform: client.connector,
        account: client.account,
        mayAsk: (one: string, shop: string) => channels === undefined || channels.includes(`${one}/${shop}`),
      };
      return { status: 200, body: await lookUpOrder(ports(), question, asker) };
    },
  },
];

/** A client's returns are those of its own account: there is no way to name another's. */
const returnIdOf = (request: HttpRequest, { connector, account }: ApiClient) => ({
  platform: connector,
  account,
  ...parametersOf(returnQuestionSchema, request),
});
