import { describe, expect, it } from 'vitest';
import { translator } from '#connectors/generic/translate.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import type { ReturnProgress } from '#core/returns/return.ts';

const when = { returnId: 'R-1', occurredAt: '2026-07-10T10:00:00+02:00' };
const occurredAt = '2026-07-10T08:00:00.000Z';

function translate(type: string, data: object) {
  const body = new TextEncoder().encode(JSON.stringify({ type, timestamp: '2026-07-10T08:00:00Z', data }));
  const raw = { connector: 'generic', account: 'main', headers: {}, body, receivedAt: occurredAt };
  return translator.translate(raw as never, 'standard-webhook');
}

function progressOf(type: string, data: object = {}): ReturnProgress {
  const translation = translate(type, { ...when, ...data });
  if (translation.kind !== 'commands') throw new Error(translation.why);
  const [command] = translation.commands;
  if (command?.kind !== 'return-progress') throw new Error('no report of a return');
  expect(command.returnId).toEqual({ platform: 'generic', account: 'main', returnId: 'R-1' });
  return command.progress;
}

function refusalOf(type: string, data: object): PoisonError {
  try {
    translate(type, { ...when, ...data });
  } catch (error) {
    if (error instanceof PoisonError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

const line = { lineId: 'X1', sku: 'TSHIRT-L', quantity: 2, net: '24.68', taxes: [] };

describe('what a sender tells of a return beside its goods', () => {
  it.each([
    ['return.in_transit', 'in-transit'],
    ['return.delivered', 'delivered'],
    ['return.lost', 'lost'],
  ])('%s is a carrier’s word', (type, word) => {
    const told = { carrier: 'UPS', trackingNumber: '1Z' };
    expect(progressOf(type, told)).toEqual({ type: word, occurredAt, ...told });
    expect(progressOf(type)).toEqual({ type: word, occurredAt });
  });

  it('says that nothing more comes, and which units are not taken back', () => {
    const units = [{ lineId: 'L1', quantity: 1 }];
    expect(progressOf('return.received', { receiptId: 'RC', lines: units, final: true })).toMatchObject({
      final: true,
    });
    expect(progressOf('return.received', { receiptId: 'RC', lines: units, final: false })).not.toHaveProperty('final');
    const looked = { lineId: 'L1', quantity: 1, condition: 'opened', disposition: 'quarantine' };
    const lines = [{ ...looked, rejected: true }, looked, { ...looked, rejected: false }];
    expect(progressOf('return.inspected', { inspectionId: 'IN', lines })).toMatchObject({
      lines: [{ ...looked, rejected: true }, looked, looked],
    });
  });

  it('lets the buyer keep the goods, or have store credit', () => {
    expect(progressOf('return.keep_item')).toEqual({ type: 'kept', occurredAt });
    expect(progressOf('return.store_credit_requested')).toEqual({
      type: 'resolution-chosen',
      occurredAt,
      resolution: 'store-credit',
    });
  });

  it('exchanges, with amounts to the minor unit of its currency', () => {
    const taxes = [{ title: 'Tax', rate: '0.10', amount: '2.47', collectedBy: 'seller' }];
    const data = { currency: 'USD', lines: [{ ...line, taxes }], collected: '1.50' };
    expect(progressOf('return.exchange_requested', data)).toEqual({
      type: 'resolution-chosen',
      occurredAt,
      resolution: 'exchange',
      currency: 'USD',
      replacement: {
        lines: [
          {
            lineId: 'X1',
            sku: 'TSHIRT-L',
            quantity: 2,
            net: 2_468,
            taxes: [{ title: 'Tax', rate: '0.10', amount: 247, collectedBy: 'seller' }],
          },
        ],
        collected: 150,
      },
    });
    const yen = { currency: 'JPY', lines: [{ ...line, net: '1234' }] };
    expect(progressOf('return.exchange_requested', yen)).toMatchObject({ replacement: { collected: 0 } });
  });

  it('issues credit to whom a reference says', () => {
    const data = { creditId: 'SC-1', currency: 'KWD', amount: '3.650' };
    expect(progressOf('return.store_credit_issued', data)).toEqual({
      type: 'credit-issued',
      occurredAt,
      creditId: 'SC-1',
      kind: 'store-credit',
      currency: 'KWD',
      amount: 3_650,
    });
    const gift = { ...data, kind: 'gift-card', recipientRef: 'giftee-9' };
    expect(progressOf('return.store_credit_issued', gift)).toMatchObject({
      kind: 'gift-card',
      recipientRef: 'giftee-9',
    });
  });

  it.each([
    ['AMOUNT_MALFORMED', 'data.lines.0.net', 'return.exchange_requested', { currency: 'JPY', lines: [line] }],
    [
      'AMOUNT_NEGATIVE',
      'data.lines.0.net',
      'return.exchange_requested',
      { currency: 'USD', lines: [{ ...line, net: '-1.00' }] },
    ],
    [
      'AMOUNT_NEGATIVE',
      'data.collected',
      'return.exchange_requested',
      { currency: 'USD', lines: [line], collected: '-1.00' },
    ],
    ['SCHEMA_MISMATCH', 'data.lines', 'return.exchange_requested', { currency: 'USD', lines: [] }],
    [
      'AMOUNT_NEGATIVE',
      'data.amount',
      'return.store_credit_issued',
      { creditId: 'SC', currency: 'USD', amount: '-1.00' },
    ],
    [
      'SCHEMA_MISMATCH',
      'data.recipientRef',
      'return.store_credit_issued',
      { creditId: 'SC', currency: 'USD', amount: '1.00', recipientRef: 'ada@example.com' },
    ],
    [
      'SCHEMA_MISMATCH',
      'data.kind',
      'return.store_credit_issued',
      { creditId: 'SC', currency: 'USD', amount: '1.00', kind: 'voucher' },
    ],
  ])('is refused as %s at "%s"', (code, path, type, data) => {
    const refusal = refusalOf(type, data);
    expect(refusal.code).toBe(code);
    expect(refusal.message).toContain(`"${path}"`);
    expect(refusal.message).not.toContain('ada@');
  });
});
