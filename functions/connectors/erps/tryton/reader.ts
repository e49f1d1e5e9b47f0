import * as z from 'zod/mini';
import type { AccountingPeriod, ErpOrderStatus, ErpReader, ErpShipment } from '#application/ports/connector.ts';
import type { Clock } from '#application/ports/runtime.ts';
import { TransientError } from '#core/kernel/errors.ts';
import type { TrytonAccess } from './access.ts';
import type { Calls, Domain } from './calls.ts';
import type { Workbench } from './document.ts';
import { webIdOfOrder } from './external-key.ts';
import { ErpConfigurationError, TrytonFailure } from './failure.ts';
import { periodOf } from './period.ts';
import { SALE } from './sale.ts';
import { SHIPMENT_SHAPE, type ShipmentRow, shipmentsOf } from './shipments.ts';
import { dateTimeOf, ids, instantOf } from './wire.ts';

/**
 * Read again from this long before the last change seen: PostgreSQL stamps a record with the time its transaction began,
 * so a slow one shows up behind records that are already known.
 */
const OVERLAP_MS = 2 * 60 * 1000;
const PAGE = 100;
/** Ends one poll; the next goes on from where it ended. */
const MOST_PAGES = 20;

const STATUS_SHAPE = { number: z.nullable(z.string()), state: z.string(), lines: ids };
const MOVE_SHAPE = { quantity: z.number(), 'product.': z.object({ code: z.string() }) };

/** What the house reads from Tryton. Throws TransientError when the ERP does not answer. */
export class TrytonReader implements ErpReader {
  readonly #bench: Workbench;
  readonly #callsWithin: (signal: AbortSignal) => Calls;
  readonly #clock: Clock;

  constructor({ bench, callsWithin, clock }: TrytonAccess) {
    this.#bench = bench;
    this.#callsWithin = callsWithin;
    this.#clock = clock;
  }

  async orderStatus(orderKey: string, signal: AbortSignal): Promise<ErpOrderStatus | undefined> {
    return await answered(async () => {
      const calls = this.#callsWithin(signal);
      const asOf = this.#clock.now();
      const [sale] = await calls.find(SALE, [['web_id', '=', webIdOfOrder(orderKey)]], STATUS_SHAPE, { limit: 1 });
      if (!sale) return undefined;
      return {
        ref: String(sale.id),
        number: sale.number ?? '',
        state: stateOf(sale.state),
        shippedBySku: await shippedBySku(calls, sale.lines),
        asOf,
      };
    });
  }

  async accountingPeriod(date: string, signal: AbortSignal): Promise<AccountingPeriod> {
    return await answered(async () => {
      const calls = this.#callsWithin(signal);
      const { company } = await this.#bench.directory.shop(calls);
      const period = await periodOf(calls, company, date);
      return period ? { state: period.state === 'open' ? 'open' : 'closed', name: period.name } : { state: 'missing' };
    });
  }

  async shipmentsSince(
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<{ shipments: ErpShipment[]; cursor: string }> {
    return await answered(async () => {
      const calls = this.#callsWithin(signal);
      const { shop } = await this.#bench.directory.shop(calls);
      const ours = [
        ['state', '=', 'done'],
        ['moves.origin.sale.web_shop', '=', shop, 'sale.line'],
      ];
      const shipments: ErpShipment[] = [];
      let last: ShipmentRow | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const found = await calls.find('stock.shipment.out', [...ours, ...after(last, cursor)], SHIPMENT_SHAPE, {
          limit: PAGE,
          order: [
            ['write_date', 'ASC'],
            ['id', 'ASC'],
          ],
        });
        shipments.push(...(await shipmentsOf(calls, found)));
        last = found.at(-1) ?? last;
        if (found.length < PAGE) break;
      }
      const reached = last?.write_date ? instantOf(last.write_date) : undefined;
      return { shipments, cursor: latest(cursor, reached) };
    });
  }
}

/** Pages go on behind the last record by (time, id): an offset would skip one whenever a record moves to the end. */
function after(last: ShipmentRow | undefined, cursor: string | undefined): Domain {
  if (last?.write_date) {
    const { id, write_date: at } = last;
    return [
      [
        'OR',
        ['write_date', '>', at],
        [
          ['write_date', '=', at],
          ['id', '>', id],
        ],
      ],
    ];
  }
  if (cursor === undefined) return [['write_date', '!=', null]];
  return [['write_date', '>=', dateTimeOf(new Date(Date.parse(cursor) - OVERLAP_MS).toISOString())]];
}

const latest = (a: string | undefined, b: string | undefined): string =>
  [a, b, new Date(0).toISOString()].reduce<string>((most, one) => (one !== undefined && one > most ? one : most), '');

/** Units of the sale that are in the customer's hands or on the way there, by SKU. */
async function shippedBySku(calls: Calls, lines: readonly number[]): Promise<Record<string, number>> {
  const origins = lines.map((line) => `sale.line,${line}`);
  const domain = [
    ['origin', 'in', origins],
    ['state', '=', 'done'],
    ['to_location.type', '=', 'customer'],
  ];
  const moves = lines.length === 0 ? [] : await calls.find('stock.move', domain, MOVE_SHAPE);
  const shipped: Record<string, number> = {};
  for (const move of moves) {
    const sku = move['product.'].code;
    shipped[sku] = (shipped[sku] ?? 0) + move.quantity;
  }
  return shipped;
}

function stateOf(state: string): ErpOrderStatus['state'] {
  switch (state) {
    case 'draft':
    case 'quotation':
      return 'draft';
    case 'confirmed':
    case 'processing':
      return 'open';
    case 'done':
      return 'done';
    case 'cancelled':
      return 'cancelled';
    default:
      throw new Error(`the ERP has a sale in state "${state}", which Tryton's sales do not have`);
  }
}

/** A read that fails changed nothing, so all but a wrong set-up is worth another try. */
async function answered<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TrytonFailure)) throw error;
    if (error.kind === 'refused' || error.kind === 'warning') {
      throw new ErpConfigurationError(error.code, `the ERP refuses a read: ${error.message}`);
    }
    const { retryAfterSeconds } = error;
    throw new TransientError('ERP_UNAVAILABLE', `${error.code}: ${error.message}`, {
      cause: error,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }
}
