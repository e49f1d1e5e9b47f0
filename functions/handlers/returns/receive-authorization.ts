import { judgeRequest } from '#application/returns/fraud/judge-return.ts';
import { reasonSource } from '#core/returns/reasons/catalogue.ts';
import { DynamoReplays } from '#platform/aws/replay-store.ts';
import { once } from '#platform/env.ts';
import { apiHandler } from '#platform/handlers/api.ts';
import { routed } from '#platform/handlers/api-routes.ts';
import { clock, ids } from '#platform/handlers/on-aws.ts';
import { replaying } from '#platform/handlers/replay.ts';
import { zones } from '#platform/zones.ts';
import { returnPorts } from '../wiring/aggregates.ts';
import { MAX_BODY_BYTES, routePorts } from '../wiring/api.ts';
import { erpReader } from '../wiring/erp.ts';
import { fraudPorts } from '../wiring/fraud.ts';
import { reasonsOfSource } from '../wiring/reasons.ts';
import { returnPolicy } from '../wiring/workflow.ts';
import { type AuthorizationRoutePorts, authorizationRoutes } from './authorization-routes.ts';

const ports = once(
  (): AuthorizationRoutePorts => ({
    ...returnPorts(),
    erp: erpReader,
    deadline: (milliseconds) => AbortSignal.timeout(milliseconds),
    now: () => clock.now(),
    policy: returnPolicy(),
    reasonsOf: (platform) => reasonsOfSource(reasonSource(platform), clock.now()),
    fraud: (order, asked, log) => judgeRequest(fraudPorts(log), order, asked),
    zones,
    replay: replaying(new DynamoReplays()),
  }),
);

export const handler = apiHandler({
  maxBodyBytes: MAX_BODY_BYTES,
  ids,
  run: routed(authorizationRoutes(ports), routePorts),
});
