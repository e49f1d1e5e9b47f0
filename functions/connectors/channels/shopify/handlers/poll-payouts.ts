import { pollSettlements } from '#application/settlements/poll-settlements.ts';
import { SqsSettlementRequests } from '#platform/aws/settlement-files.ts';
import { caseStore, cursorStore, stateStore } from '#platform/aws/stores.ts';
import { once, partnerAccounts } from '#platform/env.ts';
import { clock, ids } from '#platform/handlers/on-aws.ts';
import { scheduleHandler } from '#platform/handlers/schedule.ts';
import { manifest } from '../manifest.ts';
import { collectedFrom, payoutsOf } from './payouts.ts';

const ports = once(() => ({
  store: stateStore(),
  cases: caseStore(),
  cursors: cursorStore(),
  requests: new SqsSettlementRequests(),
}));

export const handler = scheduleHandler({
  ids,
  async run({ log, metrics, signal }) {
    const failed: unknown[] = [];
    for (const target of partnerAccounts().filter(({ connector }) => connector === manifest.id)) {
      const from = collectedFrom(target);
      if (from === undefined) continue;
      const account = { channel: manifest.id, account: target.account, from };
      try {
        const polled = await pollSettlements({ ...ports(), source: payoutsOf(target) }, account, clock.now(), signal);
        log.info('payouts polled', { account: target.account, ...polled });
        metrics.count('PayoutsAsked', polled.asked, { account: target.account });
      } catch (error) {
        // One shop that is away must not keep the others waiting.
        failed.push(error);
      }
    }
    if (failed.length === 1) throw failed[0];
    if (failed.length > 1) throw new AggregateError(failed, `payouts of ${failed.length} accounts were not polled`);
  },
});
