import type { Random } from '../kernel/random.ts';
import { drawRequest } from '../partners/draw-return.ts';
import type { SimReturnsPlatform } from '../partners/returns-platform.ts';
import type { SimShop } from '../partners/shopify/sim-shop.ts';
import type { SimWebhook } from '../partners/webhook.ts';
import type { Simulation } from '../simulation.ts';
import type { Agenda } from './agenda.ts';
import { wishOf } from './deep-returns.ts';
import type { ReturnStory, Units } from './return-story.ts';
import type { Workload } from './workloads.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Further times that a buyer looks whether the goods have come. */
const LOOKS = 4;
/** Further times that the platform asks when Crossdock can not answer. */
const TRIES = 8;

type Ports = {
  readonly simulation: Simulation;
  readonly workload: Workload;
  readonly agenda: Agenda;
  readonly shop: SimShop;
  readonly platform: SimReturnsPlatform;
  /** What becomes of a return that was let in. */
  readonly story: ReturnStory;
};

/** The answer's part that decides. */
type Answer = {
  readonly decision?: string;
  readonly lines?: readonly (Units & { readonly decision: string })[];
};

/** Buyers who ask the returns platform for a return, and the platform that waits for Crossdock's answer. */
export class ReturnRequests {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Asks for a return of some of an order's goods, once they are there. `own`: the buyer's source of chance. */
  ask(orderId: string, own: Random, looks = 0): void {
    const { simulation, workload, agenda, shop, platform } = this.#ports;
    const sent = shop.fulfillments(orderId).flatMap(({ lines }) => lines);
    if (sent.length === 0) {
      if (looks < LOOKS) agenda.later(3 * HOUR, () => this.ask(orderId, own, looks + 1));
      return;
    }
    const lines = drawRequest(() => own.real(), unitsByLine(sent));
    const wish = workload.deepReturns ? wishOf(own) : {};
    const asked = { channel: 'shopify', account: 'main', orderId, lines, ...wish };
    const { returnId, request } = platform.ask(asked, simulation.loop.now);
    void this.#authorize(returnId, request, own);
  }

  async #authorize(returnId: string, request: SimWebhook, own: Random, tries = 0): Promise<void> {
    const { simulation, agenda, platform, story } = this.#ports;
    const { gateway, loop, trace } = simulation;
    const answered = agenda.begun();
    const { status, body } = await gateway.request(request);
    answered();
    trace.say(`→ authorization of ${returnId}: ${status}`);
    if (status >= 500 || status === 0) {
      const again = () => void this.#authorize(returnId, platform.askAgain(returnId, loop.now), own, tries + 1);
      if (tries < TRIES) agenda.later(2 * MINUTE, again);
      return;
    }
    const { decision, lines = [] } = platform.answered(returnId, status, body).body as Answer;
    if (decision !== 'approved' && decision !== 'review') return;
    const authorized = lines
      .filter((line) => line.decision !== 'rejected')
      .map(({ lineId, quantity }) => ({ lineId, quantity }));
    const { request: asked } = platform.returns().find((one) => one.request.returnId === returnId) ?? {};
    if (asked) story.begin(returnId, asked.orderId, authorized, own);
  }
}

function unitsByLine(sent: readonly Units[]): Units[] {
  const units = new Map<string, number>();
  for (const { lineId, quantity } of sent) units.set(lineId, (units.get(lineId) ?? 0) + quantity);
  return [...units].map(([lineId, quantity]) => ({ lineId, quantity }));
}
