import { type Rate, rateOf } from './amounts.ts';
import { userWarning, warningName } from './errors.ts';
import type * as rows from './rows.ts';
import { MODELS } from './schema/index.ts';
import { Levels } from './stock.ts';
import type { Sins, Switches } from './switches.ts';
import { type Host, type Row, Table } from './table.ts';
import type { WireDate } from './wire.ts';

type Warning = Row & { readonly name: string; readonly user: number; readonly always: boolean };

/** The ERP's database: its tables, its stock, and transactions that leave nothing behind when they fail. */
export class Erp implements Host {
  /** Virtual time of the call being answered, epoch milliseconds. */
  now = 0;
  /** Who calls. */
  user = 0;
  readonly switches: Switches;
  readonly sins: Sins | undefined;
  /** The last numbered invoice of each sequence: its numbers follow the days. */
  readonly lastNumbered = new Map<string, { readonly date: WireDate; readonly number: string }>();
  /** Periods by the name of their month. */
  readonly periods = new Map<string, rows.Period>();
  /** Journals by type. */
  readonly journals = new Map<string, number>();
  /** Errors of work that nobody waits for, as the ERP's own log has them. */
  readonly log: string[] = [];
  readonly levels = new Levels((undo) => this.undoable(undo));
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #rates = new Map<number, Rate>();
  readonly #sequences = new Map<string, number>();
  #undo: (() => void)[] | undefined;

  readonly sales: Table<rows.Sale>;
  readonly saleLines: Table<rows.SaleLine>;
  readonly moves: Table<rows.StockMove>;
  readonly shipments: Table<rows.Shipment>;
  readonly returns: Table<rows.ReturnShipment>;
  readonly invoices: Table<rows.Invoice>;
  readonly invoiceLines: Table<rows.InvoiceLine>;
  readonly journalMoves: Table<rows.JournalMove>;
  readonly journalLines: Table<rows.JournalLine>;
  readonly products: Table<rows.Product>;
  readonly templates: Table<rows.Template>;
  readonly locations: Table<rows.Location>;
  readonly parties: Table<rows.Party>;
  readonly companies: Table<rows.Company>;

  constructor(firstId: number, switches: Switches, sins: Sins | undefined) {
    this.switches = switches;
    this.sins = sins;
    this.#tables = new Map(MODELS.map((model) => [model.name, new Table(model, this, firstId)]));
    this.sales = this.table('sale.sale');
    this.saleLines = this.table('sale.line');
    this.moves = this.table('stock.move');
    this.shipments = this.table('stock.shipment.out');
    this.returns = this.table('stock.shipment.out.return');
    this.invoices = this.table('account.invoice');
    this.invoiceLines = this.table('account.invoice.line');
    this.journalMoves = this.table('account.move');
    this.journalLines = this.table('account.move.line');
    this.products = this.table('product.product');
    this.templates = this.table('product.template');
    this.locations = this.table('stock.location');
    this.parties = this.table('party.party');
    this.companies = this.table('company.company');
  }

  /** The table of a model that the ERP is known to have. */
  table<T extends Row = Row>(model: string): Table<T> {
    const table = this.tableNamed(model);
    if (!table) throw new Error(`there is no model ${model}`);
    return table as unknown as Table<T>;
  }

  tableNamed(model: string): Table | undefined {
    return this.#tables.get(model);
  }

  /** Does the work; if it throws, nothing of it has happened. Within another transaction it is a part that fails alone. */
  transaction<T>(work: () => T): T {
    const outer = this.#undo;
    const undo = outer ?? [];
    const mark = undo.length;
    this.#undo = undo;
    try {
      return work();
    } catch (error) {
      while (undo.length > mark) undo.pop()?.();
      throw error;
    } finally {
      this.#undo = outer;
    }
  }

  undoable(undo: () => void): void {
    this.#undo?.push(undo);
  }

  /** The next number of a sequence. */
  next(sequence: string): string {
    const last = this.#sequences.get(sequence) ?? 0;
    this.#sequences.set(sequence, last + 1);
    this.undoable(() => this.#sequences.set(sequence, last));
    return String(last + 1);
  }

  /** Asks the user for a yes, once a call; a yes that was given before is used up. */
  ask(name: string, model: string, ids: readonly number[], text: string): void {
    const full = warningName(name, model, ids);
    const given = this.table<Warning>('res.user.warning');
    const mine = given.by('name', full).filter(({ user }) => user === this.user);
    if (mine.length === 0) throw userWarning(full, text);
    for (const yes of mine) if (!yes.always) given.remove(yes);
  }

  currencyDigits(currency: number): number {
    return this.table<rows.Currency>('currency.currency').at(currency).digits;
  }

  taxRate(tax: number): Rate {
    const kept = this.#rates.get(tax);
    if (kept) return kept;
    const rate = rateOf(this.table<rows.Tax>('account.tax').at(tax).rate);
    this.#rates.set(tax, rate);
    return rate;
  }

  /** Parties of the web shops' guests, who may not be sold to. */
  guests(): ReadonlySet<number> {
    const shops = this.table<Row & { guest_party: number }>('web.shop');
    return new Set([...shops.all()].map((shop) => shop.guest_party));
  }

  /** Whether the period takes no postings. */
  isClosed({ name, closed }: rows.Period): boolean {
    return closed || this.switches.closedPeriod === name;
  }
}
