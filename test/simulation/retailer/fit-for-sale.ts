import type { SimShop } from '../partners/shopify/sim-shop.ts';
import type { Units } from './return-story.ts';

/** Units that came back fit for sale, by article, as the inspections truly found them. */
export class FitForSale {
  readonly #shop: SimShop;
  readonly #units = new Map<string, number>();

  constructor(shop: SimShop) {
    this.#shop = shop;
  }

  add(orderId: string, { lineId, quantity }: Units): void {
    const line = this.#shop.order(orderId)?.lines.find(({ id }) => id === lineId);
    if (line?.sku) this.#units.set(line.sku, this.of(line.sku) + quantity);
  }

  of(sku: string): number {
    return this.#units.get(sku) ?? 0;
  }
}
