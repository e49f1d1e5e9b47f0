import type { Case } from '#core/cases/case.ts';
import type { OpenClaim } from '#core/claims/claim.ts';
import type { SkuState } from '#core/claims/sku.ts';
import type { Operation } from '#core/operations/operation.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import type { OpenRefund } from '#core/refunds/refund.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import type { OpenSettlement } from '#core/settlements/state.ts';
import type {
  ErpSale,
  Ground,
  Held,
  JournalEvent,
  PayoutTold,
  PostedJournal,
  ShopOrder,
} from '../invariants/ground.ts';
import { TABLES } from '../services/account.ts';
import { rowId } from '../services/dynamodb/keys.ts';
import type { Simulation } from '../simulation.ts';
import { BY_HAND } from './bookkeeper.ts';
import { COMPANY } from './company.ts';
import type { Town } from './town.ts';

type Row = Readonly<Record<string, unknown>>;

/** The tables and the partners' books, as they lie there now. */
export class TownGround implements Ground {
  readonly #simulation: Simulation;
  readonly #town: Town;
  readonly personalWords: readonly string[];

  constructor(simulation: Simulation, town: Town, personalWords: readonly string[]) {
    this.#simulation = simulation;
    this.#town = town;
    this.personalWords = personalWords;
  }

  get now(): string {
    return new Date(this.#simulation.loop.now).toISOString();
  }

  held<S>(key: string): Held<S> | undefined {
    const row = this.#row(TABLES.state, rowId(key, 'STATE'));
    return row && heldOf<S>(row);
  }

  order(key: string): Held<OpenOrder> | undefined {
    return this.held(key);
  }

  orders(): Held<OpenOrder>[] {
    return this.#kind('ORDER#');
  }

  returns(): Held<OpenReturn>[] {
    return this.#kind('RETURN#');
  }

  refunds(): Held<OpenRefund>[] {
    return this.#kind('REFUND#');
  }

  claims(): Held<OpenClaim>[] {
    return this.#kind('CLAIM#');
  }

  skus(): Held<SkuState>[] {
    return this.#kind('SKU#');
  }

  operation(key: string): Operation | undefined {
    return this.#row(TABLES.operations, key) as Operation | undefined;
  }

  operations(): Operation[] {
    return [...this.#rows(TABLES.operations)] as unknown as Operation[];
  }

  openCases(): Case[] {
    return this.#state().flatMap((row) =>
      String(row.sk).startsWith('CASE#') && row.status === 'open'
        ? [{ ...row, subject: row.pk } as unknown as Case]
        : [],
    );
  }

  rows(): { table: string; row: Row }[] {
    return Object.values(TABLES).flatMap((table) => this.#rows(table).map((row) => ({ table, row })));
  }

  inboxHas(mailbox: string, deliveryId: string): boolean {
    return this.#row(TABLES.inbox, rowId(mailbox, deliveryId)) !== undefined;
  }

  get shopOrders(): ShopOrder[] {
    const { shop } = this.#town;
    const refunds = Map.groupBy(shop.refunds(), ({ orderId }) => orderId);
    const fulfillments = Map.groupBy(shop.fulfillments(), ({ orderId }) => orderId);
    return shop.orders().map((order) => ({
      ...order,
      refunds: refunds.get(order.orderId) ?? [],
      fulfillments: fulfillments.get(order.orderId) ?? [],
    }));
  }

  get erpSales(): ErpSale[] {
    const { erp } = this.#town;
    const shipments = Map.groupBy(erp.shipments(), ({ webId }) => webId);
    const credits = Map.groupBy(erp.creditNotes(), ({ webId }) => webId);
    return erp.sales().flatMap(({ webId, number, state, total, returnOf }) => {
      if (webId === null) return [];
      const own = (shipments.get(webId) ?? []).filter((one) => one.state !== 'cancelled');
      const shippedBySku: Record<string, number> = {};
      for (const { sku, quantity } of own.filter((one) => one.state === 'done').flatMap(({ units }) => units)) {
        shippedBySku[sku] = (shippedBySku[sku] ?? 0) + quantity;
      }
      const invoices = (credits.get(webId) ?? [])
        .filter((one) => one.state === 'posted' || one.state === 'paid')
        .map((one) => ({ type: 'credit-note' as const, total: one.total }));
      const unitsToShip = own.flatMap(({ units }) => units).reduce((sum, { quantity }) => sum + quantity, 0);
      return [{ webId, number, state, total, isReturn: returnOf !== undefined, unitsToShip, shippedBySku, invoices }];
    });
  }

  get creditNotes(): { webId: string | null; date?: string }[] {
    return this.#town.erp.creditNotes();
  }

  get erpReceipts(): { webId: string | null }[] {
    return this.#town.erp.receipts();
  }

  get closedDays(): readonly { from: string; to: string }[] {
    return this.#simulation.stage.returns.settlement?.periods?.closed ?? [];
  }

  /** What was there at first, less what was shipped, and what came back fit for sale. */
  get shelves(): { sku: string; onShelf: number; most: number }[] {
    const { erp, fitForSale, unitsOnSale } = this.#town;
    const shipped = new Map<string, number>();
    for (const { sku, quantity } of erp
      .shipments()
      .filter(({ state }) => state === 'done')
      .flatMap(({ units }) => units)) {
      shipped.set(sku, (shipped.get(sku) ?? 0) + quantity);
    }
    return COMPANY.products.flatMap(({ sku, stock }) => {
      if (stock === undefined) return [];
      const most = (unitsOnSale ?? stock) - (shipped.get(sku) ?? 0) + fitForSale.of(sku);
      return [{ sku, onShelf: erp.stock(sku, COMPANY.locations.storage), most }];
    });
  }

  get payouts(): PayoutTold[] {
    return this.#town.settlements.payouts.map(({ payout: { payoutId }, told }) => {
      const last = told.at(-1)?.payout;
      return {
        payoutId,
        readable: told.filter(({ readable }) => readable).map(({ payout }) => payout),
        ...(last && { last }),
      };
    });
  }

  settlement(key: string): Held<OpenSettlement> | undefined {
    return this.held(key);
  }

  get postedJournals(): PostedJournal[] {
    const keyOf = (description: string | null): string => description?.replace(BY_HAND, '').split(': ')[0] ?? '';
    const all = this.#town.erp.moves();
    const keys = new Map(all.map(({ id, description }) => [id, keyOf(description)]));
    return all.flatMap(({ state, description, date, refersTo, lines, madeAt, writtenAt }) => {
      const key = keyOf(description);
      const [, , , , settlementId = '', ...part] = key.split('/');
      if (state !== 'posted' || !key.startsWith('erp/journal/shopify/main/')) return [];
      const adjusts = refersTo === undefined ? undefined : keys.get(refersTo);
      return [
        {
          ...{ key, settlementId, part: part.join('/'), date, madeAt, postedAt: writtenAt },
          byHand: description?.startsWith(BY_HAND) === true,
          ...(adjusts !== undefined && { adjusts }),
          lines: lines.map(({ account, amount }) => ({ account: roleOf(account), amount })),
        },
      ];
    });
  }

  get closedThrough(): string | undefined {
    return this.#simulation.stage.settlements.closedThrough;
  }

  eventsOf(type: string): JournalEvent[] {
    return this.#state().flatMap((row) =>
      ((row.events ?? []) as { type: string; data: JournalEvent['data'] }[])
        .filter((event) => event.type === type)
        .map(({ data }) => ({ subject: String(row.pk), data })),
    );
  }

  get unbalancedMoves(): string[] {
    return this.#town.erp
      .moves()
      .filter(({ state, debit, credit }) => state === 'posted' && debit !== credit)
      .map(({ id }) => String(id));
  }

  #state(): readonly Row[] {
    return this.#rows(TABLES.state);
  }

  #row(table: string, id: string): Row | undefined {
    return this.#simulation.dynamo.tables.get(table)?.get(id) as Row | undefined;
  }

  #rows(table: string): readonly Row[] {
    return [...(this.#simulation.dynamo.tables.get(table)?.values() ?? [])] as Row[];
  }

  #kind<S>(prefix: string): Held<S>[] {
    return this.#state().flatMap((row) =>
      row.sk === 'STATE' && String(row.pk).startsWith(prefix) ? [heldOf<S>(row)] : [],
    );
  }
}

/** The role that an account of the ERP stands for. */
const roleOf = (code: string | null): string =>
  Object.entries(COMPANY.settlements.accounts).find(([, account]) => account === code)?.[0] ?? `account ${code}`;

export const heldOf = <S>(row: Row): Held<S> => ({
  key: row.pk as string,
  state: row.state as S,
  version: row.version as number,
  sequence: row.sequence as number,
  openCases: (row.openCases ?? []) as string[],
});
