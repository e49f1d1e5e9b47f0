import { UNTOLD_PATIENCE_SECONDS } from '#application/workflow/next-look.ts';
import type { WaitMessage } from '#application/workflow/take-wait-step.ts';
import { jsonObject, secondsField, textField } from '#platform/handlers/queue.ts';

/** What the workflow sends when it begins to wait (lib/workflows/return-to-refund.ts); throws a PoisonError for anything else. */
export function waitMessage(body: string): WaitMessage {
  const given = jsonObject(body);
  return {
    taskToken: textField(given, 'taskToken'),
    returnKey: textField(given, 'returnKey'),
    step: textField(given, 'step'),
    patienceSeconds: secondsField({ patienceSeconds: UNTOLD_PATIENCE_SECONDS, ...given }, 'patienceSeconds'),
  };
}
