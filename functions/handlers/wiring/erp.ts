import type { ErpReader } from '#application/ports/connector.ts';
import { trytonReader } from '#connectors/erps/tryton/handlers/reader.ts';
import { routing } from './routing.ts';

/** The reads of the ERP that books a channel account. */
export function erpReader(channel: string, account: string): ErpReader {
  const { erp } = routing().orderRouting(channel, account);
  if (erp.connector === 'tryton') return trytonReader(erp);
  throw new Error(`${erp.connector}/${erp.account} books ${channel}/${account}, and this function can't read from it`);
}
