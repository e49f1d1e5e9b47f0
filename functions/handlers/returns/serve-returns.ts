import { journal } from '#platform/aws/stores.ts';
import { once } from '#platform/env.ts';
import { apiHandler } from '#platform/handlers/api.ts';
import { routed } from '#platform/handlers/api-routes.ts';
import { clock, ids } from '#platform/handlers/on-aws.ts';
import { returnPorts } from '../wiring/aggregates.ts';
import { MAX_BODY_BYTES, routePorts } from '../wiring/api.ts';
import { type ReturnRoutePorts, returnRoutes } from './return-routes.ts';

const ports = once((): ReturnRoutePorts => ({ ...returnPorts(), foreignIds: journal(), now: () => clock.now() }));

export const handler = apiHandler({
  maxBodyBytes: MAX_BODY_BYTES,
  ids,
  run: routed(returnRoutes(ports), routePorts),
});
