/**
 * A second, independent client of the ERP: what a person at its desk would see and do. Tests look behind the connector's
 * back with it, so it shares no code with the connector.
 */
export type Domain = readonly unknown[];
export type Row = Record<string, unknown> & { id: number };

export class RpcError extends Error {
  readonly details: readonly unknown[];

  constructor(details: readonly unknown[]) {
    super(JSON.stringify(details).slice(0, 300));
    this.details = details;
  }
}

export class Rpc {
  readonly #endpoint: string;
  readonly #authorization: string;
  readonly #context: Record<string, unknown>;

  private constructor(endpoint: string, authorization: string, context: Record<string, unknown>) {
    this.#endpoint = endpoint;
    this.#authorization = authorization;
    this.#context = context;
  }

  static async login(url: string, database: string, user: string, password: string): Promise<Rpc> {
    const endpoint = `${url}/${database}/`;
    const [id, key] = (await post(endpoint, '', 'common.db.login', [user, { password }])) as [number, string];
    const authorization = `Session ${Buffer.from(`${user}:${id}:${key}`).toString('base64')}`;
    const context = await post(endpoint, authorization, 'model.res.user.get_preferences', [true, {}]);
    return new Rpc(endpoint, authorization, { ...(context as object), language: 'en' });
  }

  call(model: string, method: string, args: readonly unknown[], extra: object = {}): Promise<unknown> {
    const params = [...args, { ...this.#context, ...extra }];
    return post(this.#endpoint, this.#authorization, `model.${model}.${method}`, params);
  }

  /** Calls, and answers each warning with yes. */
  async insist(model: string, method: string, args: readonly unknown[]): Promise<unknown> {
    for (;;) {
      try {
        return await this.call(model, method, args);
      } catch (error) {
        if (!(error instanceof RpcError) || error.details[0] !== 'UserWarning') throw error;
        const [name] = error.details[1] as [string];
        await this.call('res.user.warning', 'skip', [name, false]);
      }
    }
  }

  async find(model: string, domain: Domain, fields: readonly string[]): Promise<Row[]> {
    return (await this.call(model, 'search_read', [domain, 0, null, [['id', 'ASC']], fields])) as Row[];
  }

  async one(model: string, domain: Domain, fields: readonly string[]): Promise<Row> {
    const found = await this.find(model, domain, fields);
    if (found.length !== 1) throw new Error(`${found.length} records of ${model} match ${JSON.stringify(domain)}`);
    return found[0] as Row;
  }

  /** Units of a product that stand in a location. */
  async stock(sku: string, location: string): Promise<number> {
    const { id } = await this.one('stock.location', [['code', '=', location]], []);
    const { id: product } = await this.one('product.product', [['code', '=', sku]], []);
    const now = new Date();
    const today = {
      __class__: 'date',
      year: now.getUTCFullYear(),
      month: now.getUTCMonth() + 1,
      day: now.getUTCDate(),
    };
    const [row] = (await this.call('product.product', 'read', [[product], ['quantity']], {
      locations: [id],
      stock_date_end: today,
    })) as { quantity: number }[];
    return row?.quantity ?? Number.NaN;
  }

  /** A product like another one, under a new SKU. `changes` are to its template; answers the template's id. */
  async copyProduct(sku: string, copy: string, changes: object = {}): Promise<number> {
    const { template } = await this.one('product.product', [['code', '=', sku]], ['template']);
    const { account_category } = await this.one('product.template', [['id', '=', template]], ['account_category']);
    const values = { code: copy, account_category, ...changes };
    const [id] = (await this.call('product.template', 'copy', [[template], values])) as [number];
    return id;
  }

  /** Sends a sale's shipments out of the house, as the warehouse would. */
  async ship(saleId: number, trackingNumber?: string): Promise<string[]> {
    const sale = await this.one('sale.sale', [['id', '=', saleId]], ['shipments']);
    const shipments = sale.shipments as number[];
    for (const button of ['assign_try', 'pick', 'pack']) await this.call('stock.shipment.out', button, [shipments]);
    if (trackingNumber !== undefined) {
      await this.call('stock.shipment.out', 'write', [shipments, { reference: trackingNumber }]);
    }
    await this.call('stock.shipment.out', 'done', [shipments]);
    const done = await this.find('stock.shipment.out', [['id', 'in', shipments]], ['number', 'state']);
    if (!done.every(({ state }) => state === 'done')) throw new Error(`not shipped: ${JSON.stringify(done)}`);
    return done.map(({ number }) => String(number));
  }
}

async function post(
  endpoint: string,
  authorization: string,
  method: string,
  params: readonly unknown[],
): Promise<unknown> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: JSON.stringify({ id: 1, method, params }),
  });
  if (!response.ok) throw new Error(`${method}: HTTP ${response.status}`);
  const answer = (await response.json()) as { result?: unknown; error?: unknown[] };
  if (answer.error) throw new RpcError(answer.error);
  return answer.result;
}

export const amountOf = (value: unknown): string => String((value as { decimal: string } | null)?.decimal);
