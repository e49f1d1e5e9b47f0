import { takeWaitStep } from '#application/workflow/take-wait-step.ts';
import { ids, queueControl } from '#platform/handlers/on-aws.ts';
import { queueHandler } from '#platform/handlers/queue.ts';
import { waitMessage } from '../wiring/wait-message.ts';
import { workflowPorts } from '../wiring/workflow.ts';

export const handler = queueHandler({
  ids,
  control: queueControl,
  read(body) {
    const message = waitMessage(body);
    return { message, id: `${message.returnKey}/${message.step}`, contract: 'workflow-wait' };
  },
  async run(message, { log }) {
    const taken = await takeWaitStep(workflowPorts(log), message);
    log.info('workflow waits', { subject: message.returnKey, step: message.step, taken });
  },
});
