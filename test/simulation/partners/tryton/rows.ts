import type { Row } from './table.ts';
import type { WireDate, WireDecimal } from './wire.ts';

/** Rows of the models whose workflows the ERP knows, as far as these look into them. */

export type SaleState = 'draft' | 'quotation' | 'confirmed' | 'processing' | 'done' | 'cancelled';

export type Sale = Row & {
  readonly number: string | null;
  readonly reference: string | null;
  readonly state: SaleState;
  readonly web_id: string | null;
  readonly web_shop: number | null;
  readonly sale_date: WireDate | null;
  readonly origin: string | null;
  readonly company: number;
  readonly party: number;
  readonly currency: number;
  readonly warehouse: number | null;
  readonly invoice_address: number | null;
  readonly shipment_address: number | null;
  readonly payment_term: number | null;
  readonly shipment_method: 'order' | 'invoice' | 'manual';
  readonly invoice_method: 'order' | 'shipment' | 'manual';
  /** Minor units, once they can no longer change. */
  readonly fixed: { readonly untaxed: number; readonly tax: number; readonly total: number } | null;
  /** When it was confirmed, for confirmations that race. */
  readonly confirmedAt: number | null;
};

export type SaleLine = Row & {
  readonly sale: number;
  readonly product: number;
  readonly unit: number;
  readonly quantity: number;
  readonly unit_price: WireDecimal;
  readonly taxes: readonly number[];
  readonly note: string | null;
  readonly description: string | null;
};

export type MoveState = 'draft' | 'assigned' | 'done' | 'cancelled';

export type StockMove = Row & {
  readonly product: number;
  readonly unit: number;
  readonly quantity: number;
  readonly from_location: number;
  readonly to_location: number;
  readonly company: number;
  readonly origin: string | null;
  readonly shipment: string | null;
  readonly state: MoveState;
  readonly unit_price: WireDecimal | null;
  readonly currency: number | null;
};

export type Shipment = Row & {
  readonly number: string;
  readonly reference: string | null;
  readonly state: 'draft' | 'waiting' | 'assigned' | 'picked' | 'packed' | 'done' | 'cancelled';
  readonly effective_date: WireDate | null;
  readonly warehouse_storage: number;
  readonly warehouse_output: number;
};

export type ReturnShipment = Row & {
  readonly number: string;
  readonly state: 'draft' | 'received' | 'done' | 'cancelled';
  readonly effective_date: WireDate | null;
  readonly warehouse_storage: number;
  readonly warehouse_input: number;
};

export type Invoice = Row & {
  readonly number: string | null;
  readonly state: 'draft' | 'validated' | 'posted' | 'paid' | 'cancelled';
  readonly type: 'out' | 'in';
  readonly invoice_date: WireDate | null;
  readonly company: number;
  readonly party: number;
  readonly currency: number;
  readonly account: number;
  readonly move: number | null;
};

export type InvoiceLine = Row & {
  readonly invoice: number;
  readonly product: number;
  readonly unit: number;
  readonly quantity: number;
  readonly unit_price: WireDecimal;
  readonly taxes: readonly number[];
  readonly account: number;
  readonly origin: string | null;
};

export type JournalMove = Row & {
  readonly number: string | null;
  readonly post_number: string | null;
  readonly description: string | null;
  readonly state: 'draft' | 'posted';
  readonly date: WireDate;
  readonly period: number;
  readonly origin: string | null;
};

export type JournalLine = Row & {
  readonly move: number;
  readonly account: number;
  readonly party: number | null;
  readonly debit: WireDecimal;
  readonly credit: WireDecimal;
};

export type Product = Row & { readonly code: string; readonly template: number; readonly active: boolean };

export type Template = Row & {
  readonly code: string;
  readonly name: string;
  readonly type: 'goods' | 'service';
  readonly salable: boolean;
  readonly account_category: number | null;
  readonly default_uom: number;
  readonly sale_uom: number;
};

export type Category = Row & { readonly account_revenue: number };

export type Location = Row & {
  readonly code: string | null;
  readonly name: string;
  readonly type: 'warehouse' | 'storage' | 'customer' | 'supplier';
  readonly parent: number | null;
  readonly input_location: number | null;
  readonly output_location: number | null;
  readonly storage_location: number | null;
};

export type Party = Row & {
  readonly name: string;
  readonly customer_location: number | null;
  readonly account_receivable: number;
};

export type Tax = Row & { readonly name: string; readonly rate: WireDecimal; readonly invoice_account: number };
export type Currency = Row & { readonly code: string; readonly digits: number };
export type Company = Row & { readonly name: string; readonly currency: number };
export type Account = Row & { readonly name: string; readonly closed: boolean; readonly party_required: boolean };
export type Period = Row & {
  readonly name: string;
  readonly start_date: WireDate;
  readonly end_date: WireDate;
  /** By somebody in the office. */
  readonly closed: boolean;
};
