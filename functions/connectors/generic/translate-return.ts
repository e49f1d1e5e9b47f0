import type { InboundCommand } from '#application/intake/inbound.ts';
import type { ExactJson } from '#core/kernel/exact-json.ts';
import type { InspectedLine, ReplacementLine, ReturnProgress } from '#core/returns/return.ts';
import { read, utc } from '../wire.ts';
import { Amounts, taxLines } from './amounts.ts';
import {
  cancelledMessage,
  carrierMessage,
  creditIssuedMessage,
  exchangeMessage,
  inspectedMessage,
  keepItemMessage,
  receivedMessage,
  storeCreditMessage,
  type WireExchange,
} from './wire.ts';

/** Reads the whole envelope, so that a fault is named by its path from the top. */
export type Handling = (body: ExactJson, type: string, account: string) => InboundCommand;

/** What returns platforms, carriers and warehouses tell of a return; any order, any number of times. */
export const RETURN_HANDLINGS: Readonly<Record<string, Handling>> = {
  'return.in_transit': (body, type, account) => carrier('in-transit', body, type, account),
  'return.delivered': (body, type, account) => carrier('delivered', body, type, account),
  'return.lost': (body, type, account) => carrier('lost', body, type, account),
  'return.received': (body, type, account) => {
    const { returnId, occurredAt, receiptId, lines, final } = read(receivedMessage, body, type).data;
    const receipt = { occurredAt: utc(occurredAt), receiptId, lines, ...(final === true && { final }) };
    return progress(account, returnId, { type: 'received', ...receipt });
  },
  'return.inspected': (body, type, account) => {
    const { returnId, occurredAt, inspectionId, lines: given } = read(inspectedMessage, body, type).data;
    const lines = given.map(
      ({ rejected, ...line }): InspectedLine => ({ ...line, ...(rejected === true && { rejected }) }),
    );
    return progress(account, returnId, { type: 'inspected', occurredAt: utc(occurredAt), inspectionId, lines });
  },
  'return.keep_item': (body, type, account) => {
    const { returnId, occurredAt } = read(keepItemMessage, body, type).data;
    return progress(account, returnId, { type: 'kept', occurredAt: utc(occurredAt) });
  },
  'return.exchange_requested': (body, type, account) => {
    const { data } = read(exchangeMessage, body, type);
    return progress(account, data.returnId, exchange(data));
  },
  'return.store_credit_requested': (body, type, account) => {
    const { returnId, occurredAt } = read(storeCreditMessage, body, type).data;
    const at = utc(occurredAt);
    return progress(account, returnId, { type: 'resolution-chosen', occurredAt: at, resolution: 'store-credit' });
  },
  'return.store_credit_issued': (body, type, account) => {
    const { data } = read(creditIssuedMessage, body, type);
    const { returnId, occurredAt, creditId, kind, currency, recipientRef } = data;
    const amount = new Amounts(currency).positive(data.amount, 'data.amount');
    const to = recipientRef !== undefined && { recipientRef };
    const credit = { creditId, occurredAt: utc(occurredAt), kind, amount, ...to };
    return progress(account, returnId, { type: 'credit-issued', currency, ...credit });
  },
  'return.cancelled': (body, type, account) => {
    const { returnId, occurredAt, reason } = read(cancelledMessage, body, type).data;
    const why = reason !== undefined && { reason };
    return progress(account, returnId, { type: 'cancelled', occurredAt: utc(occurredAt), ...why });
  },
};

function carrier(word: 'in-transit' | 'delivered' | 'lost', body: ExactJson, type: string, account: string) {
  const { returnId, occurredAt, carrier: name, trackingNumber } = read(carrierMessage, body, type).data;
  return progress(account, returnId, {
    type: word,
    occurredAt: utc(occurredAt),
    ...(name !== undefined && { carrier: name }),
    ...(trackingNumber !== undefined && { trackingNumber }),
  });
}

function exchange({ occurredAt, currency, lines, collected }: WireExchange): ReturnProgress {
  const amounts = new Amounts(currency);
  return {
    type: 'resolution-chosen',
    occurredAt: utc(occurredAt),
    resolution: 'exchange',
    currency,
    replacement: {
      lines: lines.map(({ lineId, sku, quantity, net, taxes }, index): ReplacementLine => {
        const path = `data.lines.${index}`;
        return {
          lineId,
          sku: sku.trim(),
          quantity,
          net: amounts.positive(net, `${path}.net`),
          taxes: taxLines(taxes, `${path}.taxes`, amounts),
        };
      }),
      collected: amounts.positive(collected ?? '0', 'data.collected'),
    },
  };
}

const progress = (account: string, returnId: string, given: ReturnProgress): InboundCommand => ({
  kind: 'return-progress',
  returnId: { platform: 'generic', account, returnId },
  progress: given,
});
