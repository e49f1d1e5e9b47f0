import type { Random } from '../kernel/random.ts';
import { drawGoods } from '../partners/draw-return.ts';
import type { ReturnStory, StoryPorts, Units } from './return-story.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A parcel that comes, or does not, is opened, and brings what was announced or something else. */
export class PlainReturns implements ReturnStory {
  readonly #ports: StoryPorts;

  constructor(ports: StoryPorts) {
    this.#ports = ports;
  }

  begin(returnId: string, orderId: string, units: readonly Units[], own: Random): void {
    const { simulation, workload, platform, later, tell, perhapsRush, fitForSale } = this.#ports;
    const { loop } = simulation;
    if (units.length === 0 || own.chance(workload.neverArrives)) return;
    if (own.chance(0.06)) {
      later(own.wait(4 * HOUR), () => tell(platform.cancelled(returnId, loop.now)));
      if (own.chance(0.7)) return;
    }
    const goods = drawGoods(() => own.real(), units);
    for (const { condition, disposition, ...found } of goods.inspected) {
      if (disposition === 'restock' && condition !== 'damaged') fitForSale(orderId, found);
    }
    if (own.chance(0.6)) later(own.wait(HOUR), () => tell(platform.inTransit(returnId, loop.now)));
    later(HOUR + own.wait(4 * HOUR), () => {
      tell(platform.received(returnId, loop.now, goods.received));
      later(own.wait(HOUR), () => {
        tell(platform.inspected(returnId, loop.now, goods.inspected));
        perhapsRush(returnId, units, own);
      });
    });
  }
}
