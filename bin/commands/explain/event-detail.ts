import type { Money } from '#core/kernel/money.ts';
import type { LineQuantity } from '#core/kernel/quantity.ts';
import { linesText, moneyText } from './names.ts';

/** Stand in the subject's name or beside it already. */
const SAID_ELSEWHERE = new Set([
  ...['orderId', 'orderNumber', 'orderKey', 'returnId', 'returnKey', 'refundId', 'rma'],
  ...['customerType', 'shipToCountry'],
]);

/**
 * The data of an event as one line. It knows forms (money, lines, reasons), not types: a new event is told without a word
 * here. Contracts hold no personal data, so all of it may be shown.
 */
export function eventDetail(data: unknown): string {
  if (!isObject(data)) return '';
  return Object.entries(data)
    .filter(([name]) => !SAID_ELSEWHERE.has(name))
    .map(([name, value]) => [name, textOf(value)] as const)
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${wordsOf(name)} ${text}`)
    .join(', ');
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) {
    if (value.every(isLine)) return linesText(value);
    return value
      .map(textOf)
      .filter((text) => text !== '')
      .join('; ');
  }
  if (!isObject(value)) return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
  if (isMoney(value)) return moneyText(value);
  if (typeof value.code === 'string' && typeof value.message === 'string') return `${value.code}: ${value.message}`;
  return `(${eventDetail(value)})`;
}

/** `erpNumber` → `erp number` */
const wordsOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isMoney = (value: object): value is Money =>
  'minor' in value && typeof value.minor === 'number' && 'currency' in value && typeof value.currency === 'string';

const isLine = (value: unknown): value is LineQuantity =>
  isObject(value) && typeof value.lineId === 'string' && typeof value.quantity === 'number';
