import { amount } from '../amounts.ts';
import { invoiceAmounts } from '../documents.ts';
import { computed, links, type Model, many, model, one, plain, reference } from '../model.ts';
import type { Invoice, Period } from '../rows.ts';

/** Modules account and account_invoice. */

const invoiced = (of: 'untaxed' | 'tax' | 'total') =>
  computed<Invoice>((erp, invoice) => amount(invoiceAmounts(erp, invoice)[of], erp.currencyDigits(invoice.currency)));

export const ACCOUNTS: readonly Model[] = [
  model('account.account.type', 'Account Type', plain('name revenue receivable')),
  model('account.account', 'Account', {
    ...plain('name code closed party_required'),
    company: one('company.company'),
    type: one('account.account.type'),
  }),
  model('account.journal', 'Journal', plain('name code type')),
  model(
    'account.period',
    'Period',
    {
      ...plain('name start_date end_date type closed'),
      company: one('company.company'),
      state: computed<Period>((erp, period) => (erp.isClosed(period) ? 'closed' : 'open')),
    },
    { defaults: { closed: false } },
  ),
  model('account.tax', 'Tax', {
    ...plain('name description rate parent'),
    company: one('company.company'),
    invoice_account: one('account.account'),
  }),
  model('account.invoice.payment_term', 'Payment Term', plain('name')),
  model(
    'account.invoice',
    'Invoice',
    {
      ...plain('number reference description state type invoice_date'),
      journal: one('account.journal'),
      company: one('company.company'),
      party: one('party.party'),
      currency: one('currency.currency'),
      invoice_address: one('party.address'),
      account: one('account.account'),
      payment_term: one('account.invoice.payment_term'),
      move: one('account.move'),
      lines: many('account.invoice.line', 'invoice'),
      untaxed_amount: invoiced('untaxed'),
      tax_amount: invoiced('tax'),
      total_amount: invoiced('total'),
    },
    {
      required: ['company', 'party', 'currency', 'account'],
      defaults: {
        state: 'draft',
        type: 'out',
        number: null,
        description: null,
        journal: null,
        invoice_date: null,
        move: null,
      },
    },
  ),
  model(
    'account.invoice.line',
    'Invoice Line',
    {
      ...plain('type quantity unit_price description note'),
      invoice: one('account.invoice'),
      company: one('company.company'),
      currency: one('currency.currency'),
      product: one('product.product'),
      unit: one('product.uom'),
      account: one('account.account'),
      taxes: links('account.tax'),
      origin: reference,
    },
    { indexed: ['invoice', 'origin'], required: ['invoice', 'quantity', 'unit_price'], defaults: { taxes: [] } },
  ),
  model(
    'account.move',
    'Account Move',
    {
      ...plain('number post_number state date description'),
      company: one('company.company'),
      journal: one('account.journal'),
      period: one('account.period'),
      origin: reference,
      lines: many('account.move.line', 'move'),
    },
    {
      required: ['company', 'journal', 'period', 'date'],
      defaults: { state: 'draft', number: null, post_number: null, description: null, origin: null },
    },
  ),
  model(
    'account.move.line',
    'Account Move Line',
    {
      ...plain('debit credit description'),
      move: one('account.move'),
      account: one('account.account'),
      party: one('party.party'),
    },
    {
      indexed: ['move'],
      required: ['move', 'account', 'debit', 'credit'],
      defaults: { party: null, description: null },
    },
  ),
];
