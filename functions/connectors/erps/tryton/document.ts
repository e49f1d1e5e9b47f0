import { type Direction, type DocumentLine, documentLines, type Part, type TaxPlan, type TaxRules } from './booking.ts';
import type { Calls, Values } from './calls.ts';
import type { Directory } from './directory.ts';
import type { TrytonSettings } from './settings.ts';
import { decimalOf } from './wire.ts';

/** What every kind of document needs to be written. */
export type Workbench = { readonly directory: Directory; readonly settings: TrytonSettings };

/** The ERP's lines for parts of an order or return, as values to create. */
export async function lineValues(
  calls: Calls,
  { directory, settings }: Workbench,
  parts: readonly Part[],
  plan: TaxPlan,
  direction: Direction,
  currency: string,
): Promise<Values[]> {
  const rules: TaxRules = {
    erpRates: new Set(settings.taxes.map(({ rate }) => rate)),
    collectedTax: settings.products.collectedTax,
  };
  const lines = documentLines(parts, plan, rules, direction);
  const products = await directory.products(
    calls,
    lines.map(({ sku }) => sku),
    direction === 1 ? 'sell' : 'take-back',
  );
  return await Promise.all(
    lines.map(async (line) => {
      const product = products.get(line.sku);
      if (!product) throw new Error(`the directory left out "${line.sku}"`);
      const taxes = await Promise.all(line.taxRates.map((rate) => directory.tax(calls, rate)));
      return {
        type: 'line',
        product: product.product,
        unit: product.unit,
        quantity: line.quantity,
        unit_price: decimalOf(line.unitPrice, currency),
        // A raw create runs none of the client's defaults: a line without taxes is a line without tax.
        ...(taxes.length > 0 && { taxes: [['add', taxes]] }),
        ...noteOf(line),
        ...(line.description !== undefined && { description: line.description }),
      };
    }),
  );
}

const NOTE = /^channel line (\S.*)$/m;

/** The order line travels in the line's internal note, from where shipments read it back. */
const noteOf = ({ lineId }: DocumentLine): Values => (lineId === undefined ? {} : { note: `channel line ${lineId}` });

export const lineIdIn = (note: string | null): string | undefined => NOTE.exec(note ?? '')?.[1];
