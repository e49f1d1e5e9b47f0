import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { FaultPoint } from '#application/ports/runtime.ts';
import { webIdOfOrder } from '#connectors/erps/tryton/external-key.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import { PROJECT_ROOT } from '../../../bin/local/cache.ts';
import { type Look, lookInto } from '../../../bin/local/demo/look.ts';
import { waitFor } from '../../../bin/local/demo/wait-for.ts';
import { type Desk, sitDown } from '../../../bin/local/erp/desk.ts';
import { buildShopifyOrder, type OrderSpec } from '../../../bin/local/partners/shopify/builder.ts';
import type { ShopOrder } from '../../../bin/local/partners/shopify/order.ts';
import { timestampOf } from '../../../bin/local/partners/shopify/shop.ts';
import { clientsOf, openWorld, output, type World, type WorldOptions } from '../../../bin/local/world.ts';
import { FaultyWire } from '../../integration/tryton/support/faulty-wire.ts';

/** A world with what tests need to look into it and to disturb it. */
export type Town = {
  readonly world: World;
  readonly look: Look;
  readonly desk: Desk;
  /** Between Crossdock and the ERP. */
  readonly wire: FaultyWire;
  /** An order payload that no test has used yet. */
  newOrder(changes?: Partial<OrderSpec>): Record<string, unknown>;
  orderKey(order: Pick<ShopOrder, 'id'>): string;
  order(order: Pick<ShopOrder, 'id'>): Promise<OpenOrder | undefined>;
  sales(order: Pick<ShopOrder, 'id'>): ReturnType<Desk['documents']>;
  booked(order: Pick<ShopOrder, 'id'>): Promise<OpenOrder>;
  /** Ends the function's process at a point, once, for ids that contain the text. */
  arm(point: FaultPoint, match: string, action?: 'kill' | 'throw'): Promise<void>;
  /** How often the armed fault is still to happen. */
  armed(point: FaultPoint): Promise<number>;
  /** Sends a body to an intake route as it is. */
  post(
    route: string,
    body: string | Uint8Array,
    headers: Record<string, string>,
  ): Promise<{ status: number; body: string }>;
  /** Runs the command line against this world. */
  crossdock(...args: string[]): Promise<Ended>;
  /** Has the minute's sweep run before each look, without waiting for the minute. */
  swept<T>(look: () => Promise<T>): () => Promise<T>;
  close(): Promise<void>;
};

let last = 7_100_000_000_000 + Math.floor(Math.random() * 1e9);

export async function openTown(options: WorldOptions): Promise<Town> {
  let wire: FaultyWire | undefined;
  const world = await openWorld({
    ...options,
    erpUrl: async (real) => {
      wire = await FaultyWire.to(real);
      return wire.url;
    },
  });
  if (!wire) throw new Error('the world was opened without its ERP');
  const faultyWire = wire;
  const look = lookInto(world);
  const desk = await sitDown(world.erp);
  const tables = DynamoDBDocumentClient.from(new DynamoDBClient(clientsOf(world.engine)));

  const orderKey = ({ id }: Pick<ShopOrder, 'id'>): string => `ORDER#shopify#main#${id}`;
  const order = (one: Pick<ShopOrder, 'id'>) => look.state<OpenOrder>(orderKey(one));

  return {
    world,
    look,
    desk,
    wire: faultyWire,
    newOrder: (changes) => {
      const id = String(++last);
      const lines = [
        { sku: 'TSHIRT-M', title: 'T-shirt M', quantity: 2, price: '12.34', taxRate: '0.10' },
        { sku: 'MUG-BLUE', title: 'Blue mug', quantity: 1, price: '8.50', taxRate: '0.10' },
      ];
      return buildShopifyOrder({ id, name: `#${id.slice(-6)}`, at: timestampOf(new Date()), lines, ...changes });
    },
    orderKey,
    order,
    sales: (one) => desk.documents(webIdOfOrder(orderKey(one))),
    booked: (one) =>
      waitFor(`order ${one.id} to be booked`, async () => {
        const now = await order(one);
        return now?.erp && now;
      }),
    async arm(point, match, action = 'kill') {
      const Item = { pk: `FAULT#${point}`, sk: 'FAULT', remaining: 1, match, action };
      await tables.send(new PutCommand({ TableName: output(world.outputs, 'StateTableName'), Item }));
    },
    async armed(point) {
      const [row] = await look.rows(`FAULT#${point}`);
      return Number(row?.remaining);
    },
    async post(route, body, headers) {
      const response = await fetch(`${world.apiUrl}${route}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : Buffer.from(body),
        headers: { 'content-type': 'application/json', ...headers },
      });
      return { status: response.status, body: await response.text() };
    },
    crossdock: (...args) => crossdock([...args, '--stage', 'local', '--json'], world.engine.environment()),
    swept: (ask) => async () => {
      await world.tick('core/sweep-timers');
      return ask();
    },
    async close() {
      look.close();
      tables.destroy();
      await world.close();
      await faultyWire.close();
    },
  };
}

export const deliveryId = (): string => randomUUID();

export type Ended = { readonly code: number; readonly json: unknown; readonly text: string };

/** Runs the command line as a person does: as a process of its own, told by the environment where AWS is. */
export const crossdock = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> =>
  new Promise((resolve) => {
    const script = path.join(PROJECT_ROOT, 'bin/crossdock.mjs');
    execFile(
      process.execPath,
      [script, ...args],
      { env: { ...process.env, ...env }, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        const code = error ? Number((error as { code?: unknown }).code ?? 1) : 0;
        resolve({ code, json: jsonOr(stdout), text: stdout + stderr });
      },
    );
  });

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
