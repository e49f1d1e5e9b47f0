import * as z from 'zod/mini';
import { BusinessError } from '#core/kernel/errors.ts';
import type { Calls } from './calls.ts';
import { SALE } from './sale.ts';
import { ids } from './wire.ts';

/** The return document that `erp/item-receipt` answered as its ref. */
export async function returnSale(calls: Calls, { receiptRef, returnId }: { receiptRef: string; returnId: string }) {
  const shape = { number: z.nullable(z.string()), invoices: ids, shipment_returns: ids };
  const domain = [['id', '=', Number(receiptRef)]];
  const [sale] = await calls.find(SALE, domain, shape, { limit: 1 });
  if (sale) return sale;
  throw new BusinessError(
    'RECEIPT_UNKNOWN',
    `the ERP has no return document with id ${receiptRef} for return ${returnId}: was the ERP's database replaced?`,
  );
}
