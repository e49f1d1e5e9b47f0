import { onRefundTimer } from '#application/refunds/on-refund-timer.ts';
import { onReturnTimer } from '#application/returns/on-return-timer.ts';
import { isSettlement, onSettlementTimer } from '#application/settlements/follow-up.ts';
import { sweepTimers } from '#application/timers/sweep-timers.ts';
import { checkWait, isWaitTimer } from '#application/workflow/check-wait.ts';
import { operationStore, timerStore } from '#platform/aws/stores.ts';
import { clock, ids, operationQueue } from '#platform/handlers/on-aws.ts';
import { scheduleHandler } from '#platform/handlers/schedule.ts';
import { refundPorts, returnPorts } from '../wiring/aggregates.ts';
import { settlementWork } from '../wiring/settlement-files.ts';
import { settlementPorts } from '../wiring/settlements.ts';
import { workflowPorts } from '../wiring/workflow.ts';

export const handler = scheduleHandler({
  ids,
  async run({ log, metrics, signal }) {
    const swept = await sweepTimers({
      operations: operationStore(),
      timers: timerStore(),
      queue: operationQueue(),
      onTimer(timer, now) {
        if (isWaitTimer(timer.name)) return checkWait(workflowPorts(log), timer, now);
        if (isSettlement(timer.subject)) {
          return onSettlementTimer({ ...settlementPorts(), work: settlementWork(), ids }, timer, now);
        }
        return timer.subject.startsWith('REFUND#')
          ? onRefundTimer({ ...refundPorts(), ids }, timer, now)
          : onReturnTimer({ ...returnPorts(), ids }, timer, now);
      },
      clock,
      log,
      signal,
    });
    log.info('swept', swept);
    metrics.count('TimersFailed', swept.failed);
    metrics.count('TimersLeft', swept.left);
  },
});
