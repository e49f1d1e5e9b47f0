import type { RawMessage, Translation } from '#application/ports/connector.ts';
import { shopifyTranslator, type TranslatorOptions } from '#connectors/channels/shopify/translate.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import type { ChannelOrder } from '#core/orders/order.ts';
import orders from './fixtures/orders-2026-07.json' with { type: 'json' };

type Json = Record<string, unknown>;

export const SAMPLE_ORDERS = orders as readonly { readonly test: string; readonly order: Json }[];

/** Order #1001 of Shopify's documentation: three lines, a discount of 10.00 over them, 6 % tax. */
export const sampleOrder = (changes: Json = {}): Json => ({ ...structuredClone(SAMPLE_ORDERS[0]?.order), ...changes });

/** One line of a shop in USD: 2 × 50.00 and 10 % tax. */
export const plainOrder = (changes: Json = {}, line: Json = {}): Json => ({
  id: 5001,
  name: '#5001',
  currency: 'USD',
  created_at: '2026-07-01T08:00:00-04:00',
  updated_at: '2026-07-01T08:00:05-04:00',
  taxes_included: false,
  total_price: '110.00',
  line_items: [
    {
      id: 50011,
      sku: 'MUG-BLUE',
      title: 'Mug',
      quantity: 2,
      price: '50.00',
      discount_allocations: [],
      tax_lines: [{ title: 'Sales Tax', price: '10.00', rate: 0.1, channel_liable: false }],
      ...line,
    },
  ],
  shipping_lines: [],
  ...changes,
});

export const usd = (amount: string, currency = 'USD') => ({
  shop_money: { amount, currency_code: currency },
  presentment_money: { amount: '999.99', currency_code: 'EUR' },
});

export function translate(
  topic: string,
  body: unknown,
  changes: Partial<RawMessage> = {},
  options?: TranslatorOptions,
): Translation {
  const raw = typeof body === 'string' ? body : JSON.stringify(body);
  const message: RawMessage = {
    connector: 'shopify',
    account: 'main',
    headers: {},
    body: new TextEncoder().encode(raw),
    receivedAt: '2026-07-01T12:00:07.000Z',
    ...changes,
  };
  return shopifyTranslator(options).translate(message, topic);
}

export function orderOf(body: unknown, topic = 'orders/create', changes: Partial<RawMessage> = {}): ChannelOrder {
  const translation = translate(topic, body, changes);
  if (translation.kind !== 'commands') throw new Error(translation.why);
  const [command] = translation.commands;
  if (command?.kind !== 'order') throw new Error(`translated to ${command?.kind}`);
  return command.order;
}

export function poisonOf(act: () => unknown): { code: string; message: string } {
  try {
    act();
  } catch (error) {
    if (error instanceof PoisonError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}
