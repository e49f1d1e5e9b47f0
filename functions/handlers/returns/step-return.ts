import { judgeRefund } from '#application/returns/fraud/judge-return.ts';
import { type ReturnStep, runReturnStep } from '#application/workflow/run-return-step.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { clock, ids } from '#platform/handlers/on-aws.ts';
import { textField } from '#platform/handlers/queue.ts';
import { stepHandler } from '#platform/handlers/step.ts';
import { returnPorts } from '../wiring/aggregates.ts';
import { fraudPorts } from '../wiring/fraud.ts';
import { firstPauseSeconds, returnPolicy } from '../wiring/workflow.ts';

export const handler = stepHandler({
  ids,
  read(payload): ReturnStep {
    if (typeof payload !== 'object' || payload === null)
      throw new PoisonError('MESSAGE_MALFORMED', 'no step was given');
    const given = payload as Record<string, unknown>;
    const { at, error } = given;
    return {
      returnKey: textField(given, 'returnKey'),
      step: textField(given, 'step'),
      ...(typeof at === 'string' && { at }),
      ...(typeof error === 'string' && { error }),
    };
  },
  run: (step, { log }) =>
    runReturnStep(
      {
        ...returnPorts(),
        policy: returnPolicy(),
        fraudAtRefund: (order, asked, state) => judgeRefund(fraudPorts(log), order, asked, state),
        pauseSeconds: firstPauseSeconds(),
        clock,
        ids,
        log,
      },
      step,
    ),
});
