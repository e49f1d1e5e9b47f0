import type { Simulation } from '../simulation.ts';
import { SECRETS } from './stage.ts';
import type { Town } from './town.ts';
import type { Workload } from './workloads.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Troubles of the partners themselves, by virtual time: outages, closed books, throttling, tokens that end. Some come at the
 * worst moment instead, while we are in the middle of something.
 */
export class Troublemaker {
  readonly #simulation: Simulation;
  readonly #town: Town;
  readonly #workload: Workload;

  constructor(simulation: Simulation, town: Town, workload: Workload) {
    this.#simulation = simulation;
    this.#town = town;
    this.#workload = workload;
  }

  begin(): void {
    const { loop } = this.#simulation;
    const { erpOutageHours, hours } = this.#workload;
    if (erpOutageHours) this.#erpAway(erpOutageHours.after * HOUR, erpOutageHours.lasts * HOUR);
    this.#every(15 * MINUTE, loop.now + (hours + 6) * HOUR);
    this.#lurk();
  }

  /** All partners are in good health from now on. */
  heal(): void {
    const { erp, shop } = this.#town;
    for (const service of SERVICES) this.#simulation.cloud.comeBack(service);
    this.#simulation.sqs.mend();
    erp.switches.maintenance = false;
    erp.switches.closedPeriod = undefined;
    erp.switches.busy = undefined;
    shop.troubles.clear();
    shop.readLagMs = 0;
    shop.rotateAccessToken(SECRETS.token);
  }

  #lurk(): void {
    const { dice, network } = this.#simulation;
    this.#simulation.onStep = () => {
      if (dice.strikes('aws.dynamodb-away-at-a-step')) this.#serviceAway('dynamodb');
    };
    network.onServed = (name) => {
      if (name === 'erp' && dice.strikes('warehouse.works-meanwhile')) this.#town.warehouse.workMeanwhile();
    };
  }

  #every(wait: number, end: number): void {
    const { loop } = this.#simulation;
    if (loop.now + wait > end) return;
    loop.after(wait, () => {
      this.#stir();
      this.#every(wait, end);
    });
  }

  #stir(): void {
    const { dice, random, loop } = this.#simulation;
    const { erp, shop } = this.#town;
    const soon = (least: number, most: number) => random.int(least * MINUTE, most * MINUTE);
    const until = loop.now + soon(1, 10);
    for (const service of SERVICES) if (dice.strikes(OUTAGES[service])) this.#serviceAway(service);
    if (dice.strikes('erp.outage')) this.#erpAway(0, soon(1, 30));
    if (dice.strikes('erp.maintenance')) this.#erpAway(soon(0, 5), soon(10, 40));
    if (dice.strikes('erp.closed-period')) {
      erp.switches.closedPeriod = '2026-11';
      loop.after(soon(5, 60), () => {
        erp.switches.closedPeriod = undefined;
      });
    }
    if (dice.strikes('erp.session-ends')) erp.endSessions();
    if (dice.strikes('erp.busy')) {
      erp.switches.busy = random.pick(['concurrency', 'locked', 'committed'] as const);
      loop.after(random.int(1_000, 60_000), () => {
        erp.switches.busy = undefined;
      });
    }
    if (dice.strikes('shop.too-many-requests'))
      shop.troubles.arm({ kind: 'throttle', status: 429 }, { until, times: 5 });
    if (dice.strikes('shop.too-many-requests-with-time'))
      shop.troubles.arm({ kind: 'throttle', status: 429, retryAfterSeconds: random.int(1, 90) }, { until, times: 3 });
    if (dice.strikes('shop.throttled')) shop.troubles.arm({ kind: 'throttle', status: 200 }, { until, times: 5 });
    if (dice.strikes('shop.user-error'))
      shop.troubles.arm({ kind: 'refuse', message: 'This order is locked' }, { until, times: 1 });
    if (dice.strikes('shop.slow-mutation'))
      shop.troubles.arm(
        { kind: 'late', delayMs: random.int(5_000, 90_000) },
        { until, times: 1, operation: 'refundCreate' },
      );
    if (dice.strikes('shop.error-in-200'))
      shop.troubles.arm(
        { kind: 'error', code: 'INTERNAL_SERVER_ERROR', done: random.chance(0.5) },
        { until, times: 1 },
      );
    if (this.#workload.deepReturns && dice.strikes('shop.gateway-fails-later'))
      shop.troubles.arm({ kind: 'gateway', status: 'PENDING' }, { until: loop.now + 4 * HOUR, times: 1 });
    if (dice.strikes('shop.reads-lag')) {
      shop.readLagMs = random.int(2_000, 120_000);
      loop.after(soon(5, 40), () => {
        shop.readLagMs = 0;
      });
    }
    if (dice.strikes('shop.token-refused')) {
      shop.rotateAccessToken('shpat_rotated');
      loop.after(soon(1, 20), () => shop.rotateAccessToken(SECRETS.token));
    }
  }

  #serviceAway(service: (typeof SERVICES)[number]): void {
    const { cloud, loop, random } = this.#simulation;
    cloud.goAway(service);
    loop.after(random.int(MINUTE, 30 * MINUTE), () => cloud.comeBack(service));
  }

  #erpAway(after: number, lasts: number): void {
    const { loop, trace } = this.#simulation;
    const { switches } = this.#town.erp;
    loop.after(after, () => {
      switches.maintenance = true;
      trace.say('the ERP is away');
      loop.after(lasts, () => {
        switches.maintenance = false;
        trace.say('the ERP is back');
      });
    });
  }
}

const OUTAGES = { dynamodb: 'aws.dynamodb-away', events: 'aws.bus-away', sqs: 'aws.sqs-away' } as const;
const SERVICES = ['dynamodb', 'events', 'sqs'] as const;
