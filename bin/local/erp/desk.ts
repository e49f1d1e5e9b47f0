import { amountOf, Rpc } from './rpc.ts';
import type { Tryton } from './tryton.ts';

/** What people do and see at the ERP's own screens: pick and pack, and look documents up. Crossdock has no part in it. */
export type Desk = Awaited<ReturnType<typeof sitDown>>;

export type SalesDocuments = {
  readonly sales: readonly {
    readonly number: string;
    readonly state: string;
    readonly total: string;
    readonly webId: string;
  }[];
  readonly invoices: readonly { readonly number: string | null; readonly state: string; readonly total: string }[];
  readonly shipments: readonly { readonly number: string; readonly state: string }[];
  readonly returns: readonly { readonly number: string; readonly state: string }[];
};

export async function sitDown(erp: Tryton) {
  const rpc = await Rpc.login(erp.url, erp.database, 'admin', erp.adminPassword);

  return {
    rpc,
    /** Picks, packs and ships all goods of a sale; answers the shipments' numbers. */
    async ship(webId: string, trackingNumber?: string): Promise<string[]> {
      const { id } = await rpc.one('sale.sale', [['web_id', '=', webId]], []);
      return rpc.ship(id, trackingNumber);
    },
    /** The documents of the sale with this key. */
    async documents(webId: string): Promise<SalesDocuments> {
      const sales = await rpc.find(
        'sale.sale',
        [['web_id', '=', webId]],
        ['number', 'state', 'total_amount', 'web_id', 'invoices', 'shipments', 'shipment_returns'],
      );
      const ids = (field: string): number[] => sales.flatMap((sale) => sale[field] as number[]);
      const read = (model: string, field: string, fields: string[]) =>
        rpc.find(model, [['id', 'in', ids(field)]], fields);
      const invoices = await read('account.invoice', 'invoices', ['number', 'state', 'total_amount']);
      const shipments = await read('stock.shipment.out', 'shipments', ['number', 'state']);
      const returns = await read('stock.shipment.out.return', 'shipment_returns', ['number', 'state']);
      return {
        sales: sales.map((sale) => ({
          number: String(sale.number),
          state: String(sale.state),
          total: amountOf(sale.total_amount),
          webId: String(sale.web_id),
        })),
        invoices: invoices.map((one) => ({
          number: one.number as string | null,
          state: String(one.state),
          total: amountOf(one.total_amount),
        })),
        shipments: shipments.map(({ number, state }) => ({ number: String(number), state: String(state) })),
        returns: returns.map(({ number, state }) => ({ number: String(number), state: String(state) })),
      };
    },
    stock: (sku: string, location: 'STO' | 'QUA' | 'WH') => rpc.stock(sku, location),
  };
}
