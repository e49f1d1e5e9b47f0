import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, give } from '../tape.ts';
import type { ShipmentPartner } from '../under-test.ts';

/**
 * A Tryton that knows shipments and nothing else, and searches among them by the domain it is given. Every shipment is one
 * mug of one order; one of them belongs to another shop.
 */
export async function trytonShipments(): Promise<ShipmentPartner> {
  const erp = new Shipments();
  const server = createServer((request, response) => {
    erp.take(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ship: (id, at) => erp.ship(id, at),
    touch: (id, at) => erp.touch(id, at),
    failNextPage: (answer) => {
      erp.failure = answer;
    },
    get onPage() {
      return erp.onPage;
    },
    set onPage(call) {
      erp.onPage = call;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

type Row = { readonly id: number; readonly order: string; writtenAt: string };
type Call = { readonly method: string; readonly params: readonly unknown[] };

const SHOP = 1;
const PAGES = 'model.stock.shipment.out.search_read';

class Shipments {
  readonly #rows: Row[] = [];
  #pages = 0;
  failure: Answer | undefined;
  onPage: (page: number) => void = () => undefined;

  ship(order: string, at: string): void {
    this.#rows.push({ id: this.#rows.length + 1, order, writtenAt: at });
  }

  touch(order: string, at: string): void {
    const row = this.#rows.find((one) => one.order === order);
    if (!row) throw new Error(`no shipment of order ${order}`);
    row.writtenAt = at;
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const part of request) text += part;
    const call = JSON.parse(text) as Call;
    if (call.method === PAGES) {
      this.#pages += 1;
      this.onPage(this.#pages);
      const { failure } = this;
      this.failure = undefined;
      if (failure) return give(failure, request, response);
    }
    return give({ body: { result: this.#answer(call) } }, request, response);
  }

  #answer({ method, params }: Call): unknown {
    const [first, , limit] = params as [never, never, number];
    switch (method) {
      case 'common.server.version':
        return '7.0.59';
      case 'common.db.login':
        return [2, 'session'];
      case 'model.res.user.get_preferences':
        return { company: 1 };
      case 'model.web.shop.search_read':
        return [{ id: SHOP, company: 1 }];
      case PAGES:
        return this.#page(first, params[3] as Order, limit);
      case 'model.stock.move.read':
        return (first as number[]).map((id) => moveOf(id));
      case 'model.sale.line.read':
        return (first as number[]).map((id) => this.#lineOf(id));
      default:
        throw new Error(`nobody asks this ERP for ${method}`);
    }
  }

  #page(domain: Domain, order: Order, limit: number): unknown[] {
    const found = this.#rows.map(shipmentOf).filter((row) => matches(domain, row));
    return found.sort((a, b) => compare(order, a, b)).slice(0, limit);
  }

  #lineOf(id: number): unknown {
    return { id, note: 'channel line L1', 'sale.': { web_id: `shopify-main-${this.#rows[id - 1]?.order}` } };
  }
}

function shipmentOf({ id, order, writtenAt }: Row) {
  const at = new Date(writtenAt);
  return {
    id,
    number: `OUT-${order}`,
    reference: null,
    effective_date: null,
    write_date: {
      __class__: 'datetime',
      year: at.getUTCFullYear(),
      month: at.getUTCMonth() + 1,
      day: at.getUTCDate(),
      hour: at.getUTCHours(),
      minute: at.getUTCMinutes(),
      second: at.getUTCSeconds(),
      microsecond: at.getUTCMilliseconds() * 1000,
    },
    outgoing_moves: [id],
    state: 'done',
    'moves.origin.sale.web_shop': order === 'stranger' ? SHOP + 1 : SHOP,
  };
}

const moveOf = (id: number) => ({
  id,
  quantity: 1,
  state: 'done',
  origin: `sale.line,${id}`,
  'product.': { code: 'MUG-BLUE' },
});

/** Tryton's search domains, as far as they are used here: clauses that all hold, or `OR` and clauses of which one does. */
type Domain = readonly unknown[];
type Order = readonly (readonly [string, string])[];
type Shipment = Readonly<Record<string, unknown>>;

function matches(domain: Domain, row: Shipment): boolean {
  const [first, ...rest] = domain;
  if (first === 'OR') return rest.some((one) => matches(one as Domain, row));
  if (typeof first === 'string') return holds(domain as Clause, row);
  return domain.every((one) => matches(one as Domain, row));
}

type Clause = readonly [field: string, operator: string, value: unknown];

function holds([field, operator, value]: Clause, row: Shipment): boolean {
  const [has, wanted] = [comparable(row[field]), comparable(value)];
  switch (operator) {
    case '=':
      return has === wanted;
    case '!=':
      return has !== wanted;
    case '>':
      return has > wanted;
    case '>=':
      return has >= wanted;
    default:
      throw new Error(`nobody searches with ${operator}`);
  }
}

function compare(order: Order, a: Shipment, b: Shipment): number {
  for (const [field, direction] of order) {
    const [left, right] = [comparable(a[field]), comparable(b[field])];
    if (left !== right) return (left < right ? -1 : 1) * (direction === 'ASC' ? 1 : -1);
  }
  return 0;
}

function comparable(value: unknown): string | number {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  const { year, month, day, hour, minute, second, microsecond } = value as Record<string, number>;
  const padded = [year, month, day, hour, minute, second].map((part) => String(part).padStart(4, '0'));
  return `${padded.join('')}${String(microsecond).padStart(6, '0')}`;
}
