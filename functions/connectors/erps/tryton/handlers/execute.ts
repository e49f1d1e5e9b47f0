import { claimSubject } from '#application/claims/claim-subject.ts';
import { orderSubject } from '#application/orders/order-subject.ts';
import { returnSubject } from '#application/returns/return-subject.ts';
import { settlementSubject } from '#application/settlements/settlement-subject.ts';
import { stateStore } from '#platform/aws/stores.ts';
import { once } from '#platform/env.ts';
import { executeHandler } from '#platform/handlers/execute.ts';
import { ids } from '#platform/handlers/on-aws.ts';
import { orderPorts, returnPorts } from '../../../../handlers/wiring/aggregates.ts';
import { executePorts, perAccount } from '../../../../handlers/wiring/executing.ts';
import { settlementPorts } from '../../../../handlers/wiring/settlements.ts';
import { TrytonExecutor } from '../executor.ts';
import { accessTo } from './account.ts';

const executor = perAccount((target) => new TrytonExecutor(accessTo(target)));

export const handler = executeHandler(
  once(() =>
    executePorts({
      executor,
      subjects: {
        ORDER: orderSubject(orderPorts()),
        RETURN: returnSubject(returnPorts()),
        SETTLEMENT: settlementSubject(settlementPorts()),
        CLAIM: claimSubject({ store: stateStore() }),
      },
    }),
  ),
  ids,
);
