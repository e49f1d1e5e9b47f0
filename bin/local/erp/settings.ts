/** How the company that `seed.py` makes is set up, as an account's settings name it (functions/connectors/erps/tryton). */
export const ERP_SETTINGS = {
  shop: 'Marketplace',
  party: 'MKT',
  warehouse: 'WH',
  storage: 'STO',
  quarantine: 'QUA',
  taxes: [
    { rate: '0.10', name: 'Sales tax 10 %' },
    { rate: '0.06', name: 'Sales tax 6 %' },
  ],
  products: { shipping: 'SHIPPING', collectedTax: 'TAX-COLLECTED' },
  settlements: {
    journal: 'SETTLE',
    accounts: {
      receivable: '1100',
      deposit: '1010',
      fee: '6100',
      'fee/fulfilment': '6110',
      advertising: '6200',
      chargeback: '6300',
      adjustment: '6900',
      reserve: '1300',
      'marketplace-tax': '2300',
      'in-transit': '1900',
    },
  },
  supplierClaims: { journal: 'EXP', account: '6400', payable: '2100' },
} as const;
