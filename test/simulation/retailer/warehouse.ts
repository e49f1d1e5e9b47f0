import { orderKeyOf } from '#connectors/erps/tryton/external-key.ts';
import { parseOrderKey } from '#core/orders/order.ts';
import type { SimShop } from '../partners/shopify/sim-shop.ts';
import type { SimTryton } from '../partners/tryton/sim-tryton.ts';
import type { Simulation } from '../simulation.ts';
import type { Agenda } from './agenda.ts';
import type { Workload } from './workloads.ts';

const MINUTE = 60_000;

type Ports = {
  readonly simulation: Simulation;
  readonly workload: Workload;
  readonly agenda: Agenda;
  readonly shop: SimShop;
  readonly erp: SimTryton;
  /** Whether nobody means to do anything any more. */
  readonly isQuiet: () => boolean;
};

/** People in the warehouse, who work at the ERP. */
export class Warehouse {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  begin(): void {
    this.#ports.agenda.later(5 * MINUTE, () => this.#round());
  }

  /** Every few minutes they send out most of what waits. */
  #round(): void {
    const { simulation, erp, isQuiet } = this.#ports;
    const own = simulation.random.fork(`warehouse/${simulation.loop.now}`);
    for (const webId of erp.ordersToShip()) {
      if (!own.chance(0.3)) this.#ship(webId);
    }
    if (!isQuiet() || erp.ordersToShip().length > 0) this.#again();
  }

  /** Somebody goes on with the order that came last, whatever is being done to it. */
  workMeanwhile(): void {
    const webId = this.#ports.erp.ordersToShip().at(-1);
    if (webId !== undefined) this.#ship(webId);
  }

  #ship(webId: string): void {
    const { simulation, erp } = this.#ports;
    const { loop, dice, trace } = simulation;
    const partial = dice.strikes('warehouse.ships-in-parts') ? this.#oneUnit(webId) : undefined;
    const numbers = erp.ship(webId, { now: loop.now, trackingNumber: `1Z${webId}`, ...(partial && { partial }) });
    simulation.shipped();
    trace.say(`the warehouse ships ${numbers.join(', ') || 'nothing'} for ${webId}`);
  }

  #again(): void {
    if (this.#waitsForGoods()) return;
    const { simulation, agenda } = this.#ports;
    agenda.later(simulation.random.int(10 * MINUTE, 40 * MINUTE), () => this.#round());
  }

  /** Shelves are empty and nobody else has anything to do: nothing will come of waiting. */
  #waitsForGoods(): boolean {
    return this.#ports.workload.unitsOnSale !== undefined && this.#ports.isQuiet();
  }

  /** One unit, by article, of an order that has more of it. */
  #oneUnit(webId: string): Record<string, number> | undefined {
    const key = orderKeyOf(webId);
    const order = key === undefined ? undefined : this.#ports.shop.order(parseOrderKey(key).orderId);
    const [line] = order?.lines.filter(({ quantity }) => quantity > 1) ?? [];
    return line?.sku ? { [line.sku]: 1 } : undefined;
  }
}
