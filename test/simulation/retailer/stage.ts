import { ERP_SETTINGS } from '../../../bin/local/erp/settings.ts';
import type { Stage } from '../../../lib/config/stage.ts';
import type { Random } from '../kernel/random.ts';
import type { CompanySeed } from '../partners/tryton/company.ts';
import { ORIGINS, stageOf } from '../services/account.ts';
import type { Simulation } from '../simulation.ts';
import { COMPANY } from './company.ts';
import { type Books, booksOf, houseRules } from './house-rules.ts';
import type { Workload } from './workloads.ts';

/** What a simulated retailer has deployed: the settings of its accounts, its rules, and its secrets. */

export const SHOP = { shopDomain: 'simulated.myshopify.com', apiVersion: '2026-07' };

export const ERP = { database: 'crossdock', user: 'crossdock', ...ERP_SETTINGS };

export const SECRETS = {
  shop: 'the-app-client-secret',
  platform: `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`,
  erp: 'the-erp-password',
  token: 'shpat_simulated',
  fraud: 'a simulated key of thirty-two characters',
};

/** The stage of a retailer. `rules`: the source of what the retailer has decided for itself. */
export const townStage = ({ deepReturns, settlementDays }: Workload, rules: Random): Stage =>
  stageOf({
    shop: {
      ...SHOP,
      endpoint: ORIGINS.shop,
      ...(settlementDays !== undefined && fetchesPayouts(rules) && { payouts: { from: '2026-11-20' } }),
    },
    erp: { ...ERP, url: ORIGINS.erp },
    ...(settlementDays !== undefined && { settlements: booksOf(rules).settlements }),
    ...(deepReturns && {
      returns: { settlement: houseRules(rules), autoApproveUpTo: { USD: 12_000, JPY: 12_000, KWD: 36_000 } },
    }),
  });

/** Whether Crossdock fetches the shop's payouts; at every second retailer somebody lays their files down. */
export const fetchesPayouts = (rules: Random): boolean => rules.fork('payouts').chance(0.5);

const DOLLARS: Books = { currency: { code: 'USD', digits: 2 }, settlements: { timeZone: 'UTC' } };

/** In what a retailer keeps its books: dollars, unless its payouts are what the workload is about. `rules`: as of its stage. */
export const booksIn = ({ settlementDays }: Workload, rules: Random): Books =>
  settlementDays === undefined ? DOLLARS : booksOf(rules);

/** The company at the ERP: as it always is, but for its currency and, where the workload says, what is on its shelves. */
export function companyIn({ unitsOnSale }: Workload, { currency }: Books): CompanySeed {
  const products = COMPANY.products.map((one) =>
    one.type === 'goods' && unitsOnSale !== undefined ? { ...one, stock: unitsOnSale } : one,
  );
  return { ...COMPANY, currency, products };
}

export function setSecrets(simulation: Simulation): void {
  simulation.setSecret('shopify', { webhookSecrets: [SECRETS.shop], accessToken: SECRETS.token });
  simulation.setSecret('generic', { webhookSecrets: [SECRETS.platform] });
  simulation.setSecret('tryton', { password: SECRETS.erp });
  simulation.setFraudKeys({ current: 'k1', k1: SECRETS.fraud });
}
