import { type IntakePorts, takeMessage } from '#application/intake/take-message.ts';
import type { Clock, IdSource } from '#application/ports/runtime.ts';
import type { Archive } from '../aws/archive.ts';
import { parseIntakeMessage, rawMessage } from './intake-message.ts';
import { queueHandler } from './queue.ts';
import type { QueueControl } from './queue-control.ts';

export type IntakeHandlerPorts = Omit<IntakePorts, 'log'> & {
  readonly archive: Archive;
  readonly clock: Clock;
  readonly control: QueueControl;
};

/** Takes messages off a partner's intake queue: the raw body comes from the archive when the queue could not hold it. */
export function intakeHandler(ports: () => IntakeHandlerPorts, ids: IdSource) {
  return queueHandler({
    ids,
    control: () => ports().control,
    read(body) {
      const message = parseIntakeMessage(body);
      const { connector, topic, deliveryId, correlationId, traceparent } = message;
      return { message, id: deliveryId, contract: `${connector}:${topic}`, correlationId, traceparent };
    },
    async run(message, { log, correlationId, traceparent }) {
      const { archive, clock, ...rest } = ports();
      const rawRef = typeof message.body === 'string' ? undefined : message.body.s3;
      const body = rawRef === undefined ? Buffer.from(String(message.body), 'base64') : await archive.get(rawRef);
      const { deliveryId, topic } = message;
      const causationId = `${message.connector}/${message.account}/${deliveryId}`;
      await takeMessage(
        { ...rest, log },
        {
          message: rawMessage(message, body),
          deliveryId,
          topic,
          cause: { now: clock.now(), correlationId, causationId, ...(traceparent !== undefined && { traceparent }) },
          ...(rawRef !== undefined && { rawRef }),
        },
      );
    },
  });
}
