import { takeWaitStep } from '#application/workflow/take-wait-step.ts';
import { ids, queueControl } from '#platform/handlers/on-aws.ts';
import { jsonObject, queueHandler, secondsField, textField } from '#platform/handlers/queue.ts';
import { workflowPorts } from '../wiring/workflow.ts';

export const handler = queueHandler({
  ids,
  control: queueControl,
  read(body) {
    const given = jsonObject(body);
    const step = textField(given, 'step');
    const returnKey = textField(given, 'returnKey');
    const patienceSeconds = secondsField(given, 'patienceSeconds');
    const message = { taskToken: textField(given, 'taskToken'), returnKey, step, patienceSeconds };
    return { message, id: `${returnKey}/${step}`, contract: 'workflow-wait' };
  },
  async run(message, { log }) {
    const taken = await takeWaitStep(workflowPorts(log), message);
    log.info('workflow waits', { subject: message.returnKey, step: message.step, taken });
  },
});
