import type { PartnerServer, SimRequest, SimResponse } from '../partner.ts';
import { type CompanySeed, found } from './company.ts';
import { Erp } from './erp.ts';
import { HttpFailure, RpcFailure } from './errors.ts';
import * as inspection from './inspection.ts';
import { bookByHand, type HandMade } from './postings.ts';
import { callModel } from './rpc.ts';
import { Sessions } from './sessions.ts';
import { healthy, type Sins, type Switches } from './switches.ts';
import { type ShipOptions, salesToShip, shipSale } from './warehouse.ts';

export type SimTrytonOptions = {
  /** Without path, as in the account's settings. */
  readonly url: string;
  readonly database: string;
  /** The connector's user. */
  readonly user: string;
  readonly password: string;
  /** Of the user `admin`, for tests that look behind the connector's back. */
  readonly adminPassword?: string;
  readonly company: CompanySeed;
  /** Where each model's ids begin: two databases of different beginnings share no id. */
  readonly firstId?: number;
  /** Errs as a Tryton on SQLite does. */
  readonly sinful?: Sins;
};

const VERSION = '7.0.59';
const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };

/**
 * A Tryton 7.0 in memory: its JSON-RPC, its workflows and what goes wrong with it, one call at a time in virtual time.
 * Deterministic: ids and keys are counted, and the time is the request's.
 */
export class SimTryton implements PartnerServer {
  /** Where the network finds it. */
  readonly url: string;
  readonly switches: Switches = healthy();
  readonly #erp: Erp;
  readonly #sessions: Sessions;
  readonly #path: string;

  constructor(options: SimTrytonOptions) {
    const { database, user, password, adminPassword = 'admin', company, firstId = 1, sinful } = options;
    this.url = options.url;
    this.#erp = new Erp(firstId, this.switches, sinful);
    const { users } = found(this.#erp, company, ['admin', user]);
    const idOf = (login: string): number => users.get(login) as number;
    this.#sessions = new Sessions([
      { user: idOf('admin'), login: 'admin', password: adminPassword },
      { user: idOf(user), login: user, password },
    ]);
    this.#path = `/${database}/`;
  }

  handle({ method, url, headers, body, now }: SimRequest): SimResponse {
    if (this.switches.maintenance) return page(503);
    if (method !== 'POST') return page(405);
    const call = parsed(body);
    if (!call) return page(400);
    this.#erp.now = now;
    try {
      return answer(call.id, 'result', this.#dispatch(pathOf(url), call, headers));
    } catch (error) {
      if (error instanceof RpcFailure) return answer(call.id, 'error', error.answer);
      if (error instanceof HttpFailure) return page(error.status);
      throw error;
    }
  }

  /** Picks, packs and ships what waits of a sale; answers the shipments' numbers, none where goods are missing. */
  ship(webId: string, options: ShipOptions): string[] {
    const [sale] = this.#erp.sales.by('web_id', webId);
    if (!sale) throw new Error(`the ERP has no sale with the web id ${webId}`);
    return shipSale(this.#erp, sale, options);
  }

  /** Keys of the sales that have goods waiting for the warehouse. */
  ordersToShip(): string[] {
    return salesToShip(this.#erp);
  }

  /** Ends all sessions, as a restart does. */
  endSessions(): void {
    this.#sessions.end();
  }

  sales(): inspection.SaleSeen[] {
    return inspection.sales(this.#erp);
  }

  creditNotes(): inspection.CreditNoteSeen[] {
    return inspection.creditNotes(this.#erp);
  }

  receipts(): inspection.ReceiptSeen[] {
    return inspection.receipts(this.#erp);
  }

  shipments(): inspection.ShipmentSeen[] {
    return inspection.shipments(this.#erp);
  }

  /** Journal entries with the sums of their sides. */
  moves(): inspection.JournalMoveSeen[] {
    return inspection.journalMoves(this.#erp);
  }

  bookByHand(entry: HandMade): number {
    return bookByHand(this.#erp, entry);
  }

  /** Units of a product in one location, by its code. */
  stock(sku: string, location: string): number {
    return inspection.stockOf(this.#erp, sku, location);
  }

  /** Errors of work that nobody waited for, as the ERP's own log has them. */
  errors(): readonly string[] {
    return this.#erp.log;
  }

  #dispatch(path: string, { method, params }: Call, headers: SimRequest['headers']): unknown {
    if (path === '/') {
      if (method === 'common.server.version') return VERSION;
      throw new HttpFailure(403);
    }
    if (path !== this.#path) throw new HttpFailure(404);
    if (method === 'common.db.login') {
      const [login, given] = params as [string, { password?: unknown }];
      return this.#sessions.login(login, given?.password, this.#erp.now);
    }
    const { now, switches } = this.#erp;
    this.#erp.user = this.#sessions.user(headers.authorization, now, switches.sessionLifetimeMs);
    if (!method.startsWith('model.')) throw new HttpFailure(403);
    return callModel(this.#erp, method, params);
  }
}

type Call = { readonly id: number; readonly method: string; readonly params: readonly unknown[] };

function parsed(body: string): Call | undefined {
  try {
    const { id, method, params } = JSON.parse(body) as Partial<Call>;
    return typeof method === 'string' && Array.isArray(params) ? { id: id ?? 0, method, params } : undefined;
  } catch {
    return undefined;
  }
}

/** The path of a URL, or the path itself. */
function pathOf(url: string): string {
  const host = url.indexOf('://');
  if (host < 0) return url;
  const path = url.indexOf('/', host + 3);
  return path < 0 ? '/' : url.slice(path);
}

const answer = (id: number, member: 'result' | 'error', value: unknown): SimResponse => ({
  status: 200,
  headers: JSON_TYPE,
  body: JSON.stringify({ id, [member]: value }),
});

const page = (status: number): SimResponse => ({
  status,
  headers: HTML_TYPE,
  body: `<!doctype html>\n<title>${status}</title>`,
});
