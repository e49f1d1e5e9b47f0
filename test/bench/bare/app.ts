import { readFileSync } from 'node:fs';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { GuardedQueue } from '../../../lib/constructs/guarded-queue.ts';
import { HttpRoute } from '../../../lib/constructs/http-route.ts';
import { JournalConsumer } from '../../../lib/constructs/journal-consumer.ts';
import { NodeFunction } from '../../../lib/constructs/node-function.ts';
import { QueueConsumer } from '../../../lib/constructs/queue-consumer.ts';
import { WebhookApi } from '../../../lib/constructs/webhook-api.ts';

/**
 * A CDK app of its own with the bare chain (chain.ts), wired by the same constructs and with the same batch sizes as
 * Crossdock's way of an order, so that what differs is the code in between. The context `config` names a file that holds the
 * webhook's secret and the URL to call.
 */
const app = new App();
const stack = new Stack(app, 'CrossdockBareChain');
const logs = { logRetention: RetentionDays.ONE_DAY };
const { secret, erpUrl } = JSON.parse(readFileSync(app.node.getContext('config'), 'utf8')) as Record<string, string>;
if (!secret || !erpUrl) throw new Error('the file of the context "config" must hold "secret" and "erpUrl"');

const queue = (id: string, carries: string) =>
  new GuardedQueue(stack, id, {
    carries,
    receives: 5,
    alarmAge: Duration.minutes(5),
    opensCases: true,
    visibility: Duration.minutes(3),
    requireTls: false,
  });
const fn = (name: string, environment: Record<string, string>) =>
  new NodeFunction(stack, name, { entry: `test/bench/bare/${name}.ts`, environment, faults: false, ...logs });

const text = (name: string) => ({ name, type: AttributeType.STRING });
const table = new Table(stack, 'Table', {
  partitionKey: text('pk'),
  sortKey: text('sk'),
  billingMode: BillingMode.PAY_PER_REQUEST,
  stream: StreamViewType.NEW_IMAGE,
  removalPolicy: RemovalPolicy.DESTROY,
});
const intake = queue('Intake', 'webhooks');
const calls = queue('Calls', 'calls of the ERP');

const take = fn('take', { WEBHOOK_SECRET: secret, INTAKE_QUEUE_URL: intake.queue.queueUrl });
const store = fn('store', { TABLE_NAME: table.tableName });
const relay = fn('relay', { CALL_QUEUE_URL: calls.queue.queueUrl });
const call = fn('call', { ERP_URL: erpUrl });

take.allow(['sqs:SendMessage'], [intake.queue.queueArn]);
store.allow(['dynamodb:PutItem'], [table.tableArn]);
relay.allow(['sqs:SendMessage'], [calls.queue.queueArn]);

const stage = { name: 'bare', throttling: { ratePerSecond: 100, burst: 100 }, setApiLogRole: false };
const { api } = new WebhookApi(stack, 'Api', { stage, ...logs });
new HttpRoute(stack, 'Route', { api, method: 'POST', path: '/webhooks', handler: take });
new QueueConsumer(stack, 'Store', { source: intake, consumer: store, batchSize: 10 });
new JournalConsumer(stack, 'Relay', {
  table,
  streamArn: table.tableStreamArn ?? '',
  consumer: relay,
  batchSize: 100,
  requireTls: false,
});
new QueueConsumer(stack, 'Call', { source: calls, consumer: call, batchSize: 1, maxConcurrency: 4 });

new CfnOutput(stack, 'RestApiId', { value: api.restApiId });
new CfnOutput(stack, 'ApiStageName', { value: api.deploymentStage.stageName });
app.synth();
