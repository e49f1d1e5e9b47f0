import { pollShipments } from '#application/orders/poll-shipments.ts';
import { caseStore, cursorStore } from '#platform/aws/stores.ts';
import { partnerAccounts } from '#platform/env.ts';
import { clock, ids } from '#platform/handlers/on-aws.ts';
import { scheduleHandler } from '#platform/handlers/schedule.ts';
import { orderPorts } from '../../../../handlers/wiring/aggregates.ts';
import { trytonReader } from './reader.ts';

export const handler = scheduleHandler({
  ids,
  async run({ log, metrics, signal }) {
    for (const account of partnerAccounts().filter(({ connector }) => connector === 'tryton')) {
      const name = `tryton/${account.account}`;
      const erp = trytonReader(account);
      const polled = await pollShipments(
        { ...orderPorts(), cases: caseStore(), cursors: cursorStore(), erp, clock, ids, log },
        name,
        signal,
      );
      log.info('shipments polled', { account: name, ...polled });
      metrics.count('ShipmentsRecorded', polled.recorded, { account: name });
    }
  },
});
