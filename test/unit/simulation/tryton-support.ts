import { vi } from 'vitest';
import { trytonConnector } from '#connectors/erps/tryton/connector.ts';
import { parseSettings } from '#connectors/erps/tryton/settings.ts';
import type { Operation, Outcome } from '#core/operations/operation.ts';
import { ERP_SETTINGS } from '../../../bin/local/erp/settings.ts';
import {
  applied,
  booking,
  creditMemo,
  itemReceipt,
  salesOrder,
  tenPercent,
} from '../../integration/tryton/support/operations.ts';
import { SimTryton, type SimTrytonOptions } from '../../simulation/partners/tryton/sim-tryton.ts';
import { COMPANY } from '../../simulation/retailer/company.ts';

const URL = 'https://erp.example';
const LOGIN = { url: URL, database: 'crossdock', user: 'crossdock', password: 'secret' } as const;

/** The real connector and the simulated ERP, in one process and in virtual time. */
export class House {
  readonly sim: SimTryton;
  now = Date.UTC(2026, 10, 25, 9);
  /** Every call as method and answer, in order. */
  readonly seen: { readonly method: string; readonly status: number; readonly body: string }[] = [];
  #desk: string | undefined;

  constructor(options: Partial<SimTrytonOptions> = {}) {
    this.sim = new SimTryton({ ...LOGIN, company: COMPANY, ...options });
    vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
      const { status, headers, body } = this.#carry(url.href, init.headers as Record<string, string>, `${init.body}`);
      return new Response(body, { status, headers });
    });
  }

  readonly clock = { now: () => new Date(this.now).toISOString() };

  connector(changes: object = {}) {
    const { url, database, user } = LOGIN;
    return trytonConnector({
      settings: parseSettings({ ...ERP_SETTINGS, url, database, user, ...changes }),
      secret: async () => JSON.stringify({ password: LOGIN.password }),
      clock: this.clock,
    });
  }

  /** What the executor gets around an operation. */
  within() {
    return { signal: AbortSignal.timeout(20_000), now: this.clock.now(), personal: async () => undefined };
  }

  execute(operation: Operation, connector = this.connector()) {
    return connector.executor.execute(operation, this.within());
  }

  probe(operation: Operation, connector = this.connector()) {
    return connector.executor.probe(operation, this.within());
  }

  /** A call past the connector: the answer's result or error. */
  rpc(method: string, ...params: readonly unknown[]): { result?: unknown; error?: unknown } {
    this.#desk ??= this.#login();
    const body = JSON.stringify({ id: 1, method: `model.${method}`, params: [...params, { language: 'en' }] });
    const answer = this.#carry(`${URL}/${LOGIN.database}/`, { authorization: this.#desk }, body);
    if (answer.status !== 200) throw new Error(`${method}: HTTP ${answer.status}`);
    const { id: _id, ...rest } = JSON.parse(answer.body) as { id: number };
    return rest;
  }

  #login(): string {
    const params = [LOGIN.user, { password: LOGIN.password }];
    const body = JSON.stringify({ id: 1, method: 'common.db.login', params });
    const answer = this.#carry(`${URL}/${LOGIN.database}/`, {}, body);
    const { result } = JSON.parse(answer.body) as { result: [number, string] };
    return `Session ${Buffer.from(`${LOGIN.user}:${result.join(':')}`).toString('base64')}`;
  }

  #carry(url: string, headers: Record<string, string>, body: string) {
    const answer = this.sim.handle({ method: 'POST', url, headers, body, now: this.now });
    const { method } = JSON.parse(body) as { method: string };
    this.seen.push({ method, status: answer.status, body: answer.body });
    return answer;
  }
}

const PLACED = '2026-11-25T08:59:00.000Z';
export const HOUR = 3_600_000;
const OF_ORDER = [{ lineId: 'L1', sku: 'TSHIRT-M', quantity: 1, net: 1234, taxes: [tenPercent(123)] }];

export const order = (id: string, changes = {}): Operation => salesOrder(booking({ placedAt: PLACED, ...changes }), id);

const receipt = (of: Operation, booked: Outcome, returnId: string): Operation =>
  itemReceipt(of, booked, { lines: OF_ORDER, total: 1357, receivedAt: PLACED }, returnId);

export const rejected = (code: string) => ({ kind: 'rejected', reason: { code } });

/** An order of 36.50, shipped, with one of its two t-shirts back in the house. */
export async function returned(house: House, id = '5001') {
  const booked = await house.execute(order(id));
  house.sim.ship(`shopify-main-${id}`, { now: house.now });
  const back = receipt(order(id), booked, `R${id}`);
  const { ref } = applied(await house.execute(back));
  return { back, ref, memo: creditMemo(back, ref, 1357) };
}
