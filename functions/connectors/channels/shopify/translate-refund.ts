import type { Translation } from '#application/ports/connector.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { money } from '#core/kernel/money.ts';
import { mergeLines } from '#core/kernel/quantity.ts';
import { utc } from '../../wire.ts';
import { ShopMoney, total } from './money.ts';
import { statedWorth } from './refund-worth.ts';
import type { WireRefund } from './wire.ts';

type Transaction = WireRefund['transactions'][number];

/**
 * A refund as money that went back: the sum of its refund transactions that were made or are on their way. What the lines
 * are said to be worth goes along to tell what it was for, and is no amount: staff may refund any other.
 */
export function translateRefund(refund: WireRefund, account: string): Translation {
  const paid = refund.transactions.filter(isPaid);
  if (paid.length === 0) return { kind: 'ignored', why: 'the refund moved no money' };
  const [first] = paid;
  const shop = new ShopMoney(bookCurrency(refund) ?? first?.currency ?? '');
  const minor = total(paid, (one, index) => amountOf(one, shop, `transactions.${index}`));
  const stated = statedWorth(refund, shop);
  const lines = refund.refund_line_items.map(({ line_item_id: lineId, quantity }) => ({ lineId, quantity }));
  return {
    kind: 'commands',
    commands: [
      {
        kind: 'channel-refund',
        orderId: { channel: 'shopify', account, orderId: refund.order_id },
        refund: {
          channelRefundId: refund.id,
          ...(refund.note !== undefined && { note: refund.note }),
          amount: money(minor, shop.currency),
          lines: mergeLines(lines),
          ...(stated && { stated }),
          createdAt: utc(refund.created_at),
        },
      },
    ],
  };
}

/** Kinds and statuses of order transactions, as Shopify writes them in webhooks. Others are put before a person. */
const OTHER_KINDS = new Set(['authorization', 'capture', 'sale', 'void', 'change', 'emv_authorization']);
const PAID = new Set(['success', 'pending']);
const UNPAID = new Set(['failure', 'error']);

function isPaid({ kind, status }: Transaction, index: number): boolean {
  if (OTHER_KINDS.has(kind)) return false;
  if (kind !== 'refund') throw unknown('TRANSACTION_KIND_UNKNOWN', kind, `transactions.${index}.kind`);
  if (PAID.has(status)) return true;
  if (UNPAID.has(status)) return false;
  throw unknown('TRANSACTION_STATUS_UNKNOWN', status, `transactions.${index}.status`);
}

/** The currency of the shop, from whatever states it; a transaction's own is the one that the buyer paid in. */
function bookCurrency(refund: WireRefund): string | undefined {
  const sets = [
    ...refund.transactions.map(({ amount_set: set }) => set),
    ...refund.refund_line_items.map(({ subtotal_set: set }) => set),
  ];
  return sets.find((set) => set)?.shop_money.currency_code;
}

function amountOf({ amount_set: set, amount, currency }: Transaction, shop: ShopMoney, path: string): number {
  if (set || amount === null || amount === undefined) return shop.amount(set, amount, `${path}.amount`);
  return shop.of(amount, currency, `${path}.amount`);
}

function unknown(code: string, value: string, path: string): PoisonError {
  return new PoisonError(code, `refunds/create at "${path}": "${value.slice(0, 40)}" is none that we know`, {
    context: { path },
  });
}
