import * as z from 'zod';
import type { KnownOrder, OrderLookup } from '#application/ports/settlements.ts';
import type { OrderToMatch } from '#core/settlements/match.ts';
import { CliError } from '../report.ts';
import { readWhole } from './files.ts';

const minor = z.int();
const tax = z.object({ amount: minor, collectedBy: z.enum(['seller', 'marketplace']) });
const line = z.object({
  lineId: z.string(),
  sku: z.string(),
  quantity: z.int().min(0),
  net: minor,
  discount: minor.default(0),
  taxes: z.array(tax).default([]),
  shipped: z.int().min(0).optional(),
});

/** A canonical order, as `connectors try` prints it; with its refunds, and units shipped, where they are known. */
const order = z.object({
  id: z.object({ orderId: z.string().min(1) }),
  number: z.string().optional(),
  placedAt: z.string(),
  currency: z.string().length(3),
  lines: z.array(line),
  shipping: z.object({ net: minor, taxes: z.array(tax).default([]) }).default({ net: 0, taxes: [] }),
  fees: z.array(z.object({ kind: z.string(), net: minor })).default([]),
  total: minor,
  refunds: z
    .array(
      z.object({
        refundId: z.string(),
        amount: minor,
        /** What it was for, by bucket of the ledger; all of it goods when left out. */
        parts: z.record(z.string(), minor).optional(),
        status: z.enum(['pending', 'settled']).default('settled'),
      }),
    )
    .default([]),
});

type GivenOrder = z.output<typeof order>;

/** Orders of a file: JSON (an array, or the answer of `connectors try`), or one order a line. Throws CliError. */
export function readOrders(
  file: string,
): OrderLookup & { readonly count: number; all(): Iterable<[string, OrderToMatch]> } {
  const orders = new Map<string, OrderToMatch>();
  const numbers = new Map<string, OrderToMatch>();
  for (const [index, given] of documentsIn(file).entries()) {
    const result = order.safeParse(given);
    if (!result.success) {
      const [issue] = result.error.issues;
      const path = (issue?.path ?? []).map(String).join('.');
      throw new CliError(2, `--orders ${file}, order ${index + 1} at "${path}": ${issue?.message ?? 'not understood'}`);
    }
    const known = toMatch(result.data);
    orders.set(result.data.id.orderId, known);
    if (result.data.number !== undefined) numbers.set(result.data.number, known);
  }
  return {
    count: orders.size,
    all: () => orders,
    find: async (ids) => {
      const found = new Map<string, KnownOrder>();
      for (const id of ids) {
        const known = orders.get(id) ?? numbers.get(id);
        if (known) found.set(id, { order: known });
      }
      return found;
    },
  };
}

function toMatch({ lines, refunds, id: _id, number: _number, ...rest }: GivenOrder): OrderToMatch {
  return {
    ...rest,
    // A file that says nothing of shipments is taken for one of orders that are shipped.
    lines: lines.map(({ shipped, ...one }) => ({
      ...one,
      shipped: shipped ?? one.quantity,
      fulfilledInChannel: 0,
      returning: 0,
      refunded: 0,
    })),
    refunds: refunds.map(({ parts, ...share }) => ({
      ...share,
      parts: parts ?? { unassigned: share.amount },
      lines: [],
      origin: 'crossdock',
    })),
  };
}

function documentsIn(file: string): unknown[] {
  const text = readWhole('--orders', file);
  try {
    const given: unknown = JSON.parse(text);
    return Array.isArray(given) ? given : (tried(given) ?? [given]);
  } catch {
    return text
      .split(/\r?\n/)
      .filter((one) => one.trim() !== '')
      .map((one, index) => {
        try {
          return JSON.parse(one) as unknown;
        } catch {
          throw new CliError(
            2,
            `--orders ${file}, line ${index + 1} is no JSON: give an array of orders, or one order a line`,
          );
        }
      });
  }
}

/** Orders in an answer of `connectors try`. */
function tried(given: unknown): unknown[] | undefined {
  const { commands } = (given ?? {}) as { commands?: unknown };
  return Array.isArray(commands) ? commands.flatMap((one) => (one as { order?: unknown }).order ?? []) : undefined;
}
