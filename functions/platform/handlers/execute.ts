import { type ExecutePorts, executeOperation } from '#application/operations/execute-operation.ts';
import { jsonObject, queueHandler, textField } from './queue.ts';
import type { QueueControl } from './queue-control.ts';

export type ExecuteHandlerPorts = Omit<ExecutePorts, 'log' | 'metrics'> & { readonly control: QueueControl };

/**
 * Carries out the operations of a partner's queue. Messages are `{"key": "<operation key>"}`. A partner's refusal, throttling
 * or outage is an outcome that is written down with the time of the next try, so the message is done with.
 */
export function executeHandler(ports: () => ExecuteHandlerPorts, ids: ExecutePorts['ids']) {
  return queueHandler<{ key: string }>({
    ids,
    control: () => ports().control,
    read(body) {
      const key = textField(jsonObject(body), 'key');
      return { message: { key }, id: key, contract: 'operation' };
    },
    async run({ key }, { log, metrics, signal }) {
      const { status, why } = await executeOperation({ ...ports(), log, metrics }, key, signal);
      log.info('operation done with for now', { operation: key, status, why });
    },
  });
}
