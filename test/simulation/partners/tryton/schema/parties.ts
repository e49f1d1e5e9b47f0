import { type Model, many, model, one, plain } from '../model.ts';

/** Who there is: companies, users, parties and their addresses. */
export const PARTIES: readonly Model[] = [
  model('company.company', 'Company', { ...plain('name'), currency: one('currency.currency') }),
  model('currency.currency', 'Currency', plain('name code symbol numeric_code digits rounding active'), {
    defaults: { active: true },
  }),
  model('country.country', 'Country', plain('code name')),
  model('res.user', 'User', { ...plain('login name'), company: one('company.company') }),
  model(
    'res.user.warning',
    'User Warning',
    { ...plain('name always'), user: one('res.user') },
    { indexed: ['name'], required: ['user', 'name'], defaults: { always: false } },
  ),
  model('party.party', 'Party', {
    ...plain('name code active'),
    customer_location: one('stock.location'),
    account_receivable: one('account.account'),
    addresses: many('party.address', 'party'),
  }),
  model(
    'party.address',
    'Address',
    {
      ...plain('party_name street postal_code city active'),
      party: one('party.party'),
      country: one('country.country'),
    },
    {
      indexed: ['party', 'party_name', 'street'],
      required: ['party'],
      defaults: { active: true, party_name: null, street: null, postal_code: null, city: null, country: null },
    },
  ),
];
