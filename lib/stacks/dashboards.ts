import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, MathExpression, Metric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { CoreStack } from './core-stack.ts';
import type { StateStack } from './state-stack.ts';

/** Two dashboards: one for those who run the business, one for those who run the system. */

const PERIOD = Duration.minutes(5);
const WIDTH = 12;

/** What went through, counted from the bus: every event is one business fact. */
export function businessDashboard(scope: Construct, { bus, api, workflow }: CoreStack): Dashboard {
  const dashboard = new Dashboard(scope, 'Business', { defaultInterval: Duration.days(1) });
  const events = new Metric({
    namespace: 'AWS/Events',
    metricName: 'MatchedEvents',
    dimensionsMap: { EventBusName: bus.eventBusName },
    statistic: 'Sum',
    period: PERIOD,
    label: 'events',
  });
  const { machine } = workflow;
  dashboard.addWidgets(
    new TextWidget({
      width: 2 * WIDTH,
      height: 2,
      markdown: 'Messages in, facts out, returns under way. One order or return: `crossdock explain <any id>`.',
    }),
    graph('Messages from outside', [api.metricCount({ period: PERIOD, statistic: 'Sum' })]),
    graph('Facts published', [events]),
    graph('Returns: workflows begun and ended', [
      machine.metricStarted({ period: PERIOD, statistic: 'Sum' }),
      machine.metricSucceeded({ period: PERIOD, statistic: 'Sum' }),
      machine.metricFailed({ period: PERIOD, statistic: 'Sum' }),
    ]),
  );
  return dashboard;
}

export function technicalDashboard(scope: Construct, core: CoreStack, { tables }: StateStack): Dashboard {
  const dashboard = new Dashboard(scope, 'Technical', { defaultInterval: Duration.hours(3) });
  const functions = [...core.functions];
  const queues = [...core.queues];
  const relay = core.function('core/relay-journal').fn;
  dashboard.addWidgets(
    graph('Oldest message by queue (seconds)', [
      ...queues.map(([label, { queue }]) =>
        queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum', label }),
      ),
    ]),
    graph('Parked and failed by queue', [
      ...queues.map(([label, { dlq }]) =>
        dlq.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum', label }),
      ),
    ]),
    graph('Function errors', [
      ...functions.map(([label, { fn }]) => fn.metricErrors({ period: PERIOD, statistic: 'Sum', label })),
    ]),
    graph('Function duration, p95 (ms)', [
      ...functions.map(([label, { fn }]) => fn.metricDuration({ period: PERIOD, statistic: 'p95', label })),
    ]),
    graph('Throttled invocations', [
      new MathExpression({
        expression: `SUM([${functions.map((_, index) => `f${index}`).join(', ')}])`,
        usingMetrics: Object.fromEntries(
          functions.map(([, { fn }], index) => [`f${index}`, fn.metricThrottles({ period: PERIOD, statistic: 'Sum' })]),
        ),
        label: 'throttled',
        period: PERIOD,
      }),
    ]),
    graph('Journal: age of what the relay reads (ms)', [
      relay.metric('IteratorAge', { period: PERIOD, statistic: 'Maximum' }),
    ]),
    graph('API: answers', [
      core.api.metricClientError({ period: PERIOD, statistic: 'Sum', label: '4xx' }),
      core.api.metricServerError({ period: PERIOD, statistic: 'Sum', label: '5xx' }),
      core.api.metricLatency({ period: PERIOD, statistic: 'p95', label: 'p95 ms' }),
    ]),
    graph('Table writes (units)', [
      ...Object.entries(tables).map(([label, table]) =>
        table.metricConsumedWriteCapacityUnits({ period: PERIOD, statistic: 'Sum', label }),
      ),
    ]),
  );
  return dashboard;
}

const graph = (title: string, left: IMetric[]): GraphWidget =>
  new GraphWidget({ title, left, width: WIDTH, height: 6 });
