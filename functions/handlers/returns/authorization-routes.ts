import type { ErpReader } from '#application/ports/connector.ts';
import type { Log } from '#application/ports/runtime.ts';
import { authorizationRequestSchema, contentOf } from '#application/returns/authorization-request.ts';
import { type AuthorizePorts, authorizeReturn } from '#application/returns/authorize-return.ts';
import { checkEligibility, eligibilityRequestSchema } from '#application/returns/check-eligibility.ts';
import type { ReasonMap } from '#core/returns/reasons.ts';
import type { ReturnId } from '#core/returns/return.ts';
import { mayAskAbout } from '#platform/handlers/api-clients.ts';
import { type ApiRoute, bodyOf, type RouteContext } from '#platform/handlers/api-routes.ts';
import type { Replay } from '#platform/handlers/replay.ts';

export type AuthorizationRoutePorts = Omit<AuthorizePorts, 'erp' | 'erpDeadline' | 'reasons' | 'fraud' | 'log'> & {
  /** Left out: no fraud rules are asked. */
  readonly fraud?: (
    ...given: [...Parameters<NonNullable<AuthorizePorts['fraud']>>, log: Log]
  ) => ReturnType<NonNullable<AuthorizePorts['fraud']>>;
  /** What a platform's reason codes mean. */
  readonly reasonsOf: (platform: Pick<ReturnId, 'platform' | 'account'>) => ReasonMap;
  readonly erp: (channel: string, account: string) => ErpReader;
  /** A signal that is aborted after so many milliseconds. */
  readonly deadline: (milliseconds: number) => AbortSignal;
  readonly now: () => string;
  readonly replay: Replay;
};

/** The ERP's part of the three seconds that a returns platform waits. */
export const ERP_BUDGET_MS = 1_500;

/** Whether goods may come back: asked for good, and asked to see what would be answered. */
export const authorizationRoutes = (ports: () => AuthorizationRoutePorts): readonly ApiRoute[] => [
  {
    method: 'POST',
    path: '/v1/returns/authorizations',
    signs: 'body',
    async run(request, context) {
      const asked = bodyOf(authorizationRequestSchema, request);
      const { client, correlationId, traceparent, log } = context;
      mayAskAbout(client, asked.channel, asked.account);
      const key = `${client.account}/${asked.returnId}`;
      const cause = {
        now: ports().now(),
        correlationId,
        causationId: `generic/${client.account}/authorization/${asked.returnId}`,
        ...(traceparent !== undefined && { traceparent }),
      };
      const platform = {
        platform: client.connector,
        account: client.account,
        requestedBy: { client: client.account, proof: client.proof },
      };
      return ports().replay({ key, content: contentOf(asked) }, log, async () => {
        const answer = await authorizeReturn(withErp(ports(), asked, context), platform, asked, cause);
        return { status: 200, text: JSON.stringify(answer) };
      });
    },
  },
  {
    method: 'POST',
    path: '/v1/returns/eligibility',
    signs: 'body',
    async run(request, context) {
      const asked = bodyOf(eligibilityRequestSchema, request);
      mayAskAbout(context.client, asked.channel, asked.account);
      const answer = await checkEligibility(withErp(ports(), asked, context), asked, ports().now());
      return { status: 200, body: answer };
    },
  },
];

const withErp = (
  { erp, deadline, reasonsOf, fraud, ...ports }: AuthorizationRoutePorts,
  { channel, account }: { readonly channel: string; readonly account: string },
  { client, log }: RouteContext,
): AuthorizePorts => ({
  ...ports,
  reasons: reasonsOf({ platform: client.connector, account: client.account }),
  ...(fraud && { fraud: (order, asked) => fraud(order, asked, log) }),
  erp: erp(channel, account),
  erpDeadline: () => deadline(ERP_BUDGET_MS),
  log,
});
