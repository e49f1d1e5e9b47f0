import type * as z from 'zod/mini';
import { PoisonError } from '#core/kernel/errors.ts';
import { type ExactJson, parseExactJson } from '#core/kernel/exact-json.ts';
import { isCurrency, MoneyError, parseMoney } from '#core/kernel/money.ts';
import { SettlementRefused } from '#core/settlements/refused.ts';
import { read } from '../../wire.ts';
import { utf8 } from './encoding.ts';

/** A document is parsed whole; channels page their answers long before this. */
const LARGEST_DOCUMENT = 64 * 1024 * 1024;
const LIMITS = { maxBytes: LARGEST_DOCUMENT, maxDepth: 16 };

/** The JSON document that the bytes are. */
export async function documentOf(bytes: AsyncIterable<Uint8Array>): Promise<ExactJson> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of utf8(bytes)) {
    size += chunk.length;
    if (size > LARGEST_DOCUMENT) {
      const message = `a JSON document may have ${LARGEST_DOCUMENT} bytes: split it by settlement`;
      throw new SettlementRefused('SETTLEMENT_TOO_LARGE', undefined, message);
    }
    chunks.push(Uint8Array.from(chunk));
  }
  if (size === 0) throw new SettlementRefused('SETTLEMENT_EMPTY', undefined, 'the file is empty');
  try {
    return parseExactJson(Buffer.concat(chunks), LIMITS);
  } catch (error) {
    if (!(error instanceof PoisonError)) throw error;
    throw new SettlementRefused(
      'SETTLEMENT_TRUNCATED',
      undefined,
      `the document can't be read as JSON or is cut off (${error.code})`,
    );
  }
}

/** Reads a document by its schema; what does not fit refuses the file, with the path. */
export function readDocument<S extends z.ZodMiniType>(schema: S, document: ExactJson, what: string): z.output<S> {
  try {
    return read(schema, document, what);
  } catch (error) {
    if (!(error instanceof PoisonError)) throw error;
    throw new SettlementRefused('SETTLEMENT_ROW', undefined, error.message);
  }
}

/** Minor units of a decimal text as channels write it in JSON. */
export function minorOf(text: string, currency: string, at: number, what: string): number {
  if (!isCurrency(currency)) {
    throw new SettlementRefused('SETTLEMENT_CURRENCY', at, `"${currency.slice(0, 20)}" is no currency of ISO 4217`);
  }
  try {
    return parseMoney(text, currency).minor;
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    throw new SettlementRefused('SETTLEMENT_AMOUNT', at, `${what}: ${error.message}`);
  }
}
