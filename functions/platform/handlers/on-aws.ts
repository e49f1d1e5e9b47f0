import { S3Archive } from '../aws/archive.ts';
import { EventBridgePublisher } from '../aws/publisher.ts';
import { SqsQueueControl } from '../aws/queue-control.ts';
import { SqsOperationQueue, sendMessage, sendMessages } from '../aws/queues.ts';
import { systemClock, ulids } from '../aws/runtime.ts';
import { SecretsManagerSource } from '../aws/secrets.ts';
import { caseStore, journal, stateStore } from '../aws/stores.ts';
import { findAccount, once, requiredEnv } from '../env.ts';
import { faultPoints } from '../faults.ts';
import type { WebhookPorts } from './http.ts';
import type { IntakeHandlerPorts } from './intake.ts';
import type { RelayRetryPorts } from './relay-retry.ts';
import type { StreamPorts } from './stream.ts';

/** The ports of handlers on AWS, made at the first message of a sandbox. Handler files are composed of these. */

export const clock = systemClock;
export const ids = /* @__PURE__ */ ulids();
export const secrets = /* @__PURE__ */ once(() => new SecretsManagerSource());
export const archive = /* @__PURE__ */ once(() => new S3Archive());
export const operationQueue = /* @__PURE__ */ once(() => new SqsOperationQueue());
export const faults = /* @__PURE__ */ once(faultPoints);

/** Parks, puts off, and opens cases for what was parked or is put off for long. */
export const queueControl = /* @__PURE__ */ once(() => new SqsQueueControl({ cases: caseStore(), clock }));

export const webhookPorts = /* @__PURE__ */ once(
  (): WebhookPorts => ({
    account: findAccount,
    secrets: secrets(),
    archive: archive(),
    enqueue: (body, attributes) => sendMessage(requiredEnv('INTAKE_QUEUE_URL'), body, attributes),
    clock,
    faults: faults(),
  }),
);

/** All of an intake but what the partner brings: how its messages are translated and who takes them. */
export const intakeBasis = /* @__PURE__ */ once(
  (): Omit<IntakeHandlerPorts, 'translator' | 'takers'> => ({
    store: stateStore(),
    archive: archive(),
    clock,
    faults: faults(),
    control: queueControl(),
  }),
);

const relay = /* @__PURE__ */ once(() => ({
  publisher: new EventBridgePublisher(),
  queue: operationQueue(),
  faults: faults(),
}));

export const streamPorts = /* @__PURE__ */ once(
  (): StreamPorts => ({
    relay: relay(),
    async retryLater(rows) {
      const bodies = rows.map((row) => JSON.stringify(row));
      const refused = new Set(await sendMessages(requiredEnv('RELAY_RETRY_QUEUE_URL'), bodies));
      return rows.filter((_row, index) => refused.has(bodies[index] ?? ''));
    },
  }),
);

/**
 * May read the state table and nothing more, so no case is opened for what it parks or puts off: alarms tell of that, on the DLQ
 * and on messages that are held back again and again (lib/constructs/guarded-queue.ts). A case would go by the very bus that may
 * be what is down.
 */
export const relayRetryPorts = /* @__PURE__ */ once(
  (): RelayRetryPorts => ({ relay: relay(), journal: journal(), control: new SqsQueueControl({ clock }) }),
);
