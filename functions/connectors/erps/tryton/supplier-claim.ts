import * as z from 'zod/mini';
import type { ClaimedLine, SupplierClaimContent } from '#core/claims/claim-document.ts';
import { BusinessError } from '#core/kernel/errors.ts';
import { formatMoney } from '#core/kernel/money.ts';
import type { Operation } from '#core/operations/operation.ts';
import { defaultAddress } from './address.ts';
import { pricedUnits } from './booking.ts';
import type { Calls, Values } from './calls.ts';
import { minorFromDecimal } from './decimal.ts';
import type { Workbench } from './document.ts';
import { bearsKey, describedAs, keyPattern } from './external-key.ts';
import type { Made } from './outcome.ts';
import { decimal, decimalOf } from './wire.ts';

const INVOICE = 'account.invoice';

const SHAPE = {
  description: z.nullable(z.string()),
  state: z.enum(['draft', 'validated', 'posted', 'paid', 'cancelled']),
  total_amount: z.nullable(decimal),
  'currency.': z.object({ code: z.string() }),
};

type Claim = NonNullable<Awaited<ReturnType<typeof standingClaim>>>;

/**
 * `erp/supplier-claim`: a supplier invoice of negative quantities, which is Tryton's credit note of a supplier. It stays a
 * draft: what the supplier grants, and with which tax, a person learns from the supplier's own paper and posts.
 *
 * It is made by one call, so there is no half of it; its key begins the description, as a journal entry's does.
 */
export async function draftSupplierClaim(calls: Calls, bench: Workbench, operation: Operation): Promise<Made> {
  const content = operation.content as unknown as SupplierClaimContent;
  assertSound(content);
  if (!(await standingClaim(calls, operation.key))) {
    await calls.create(INVOICE, await claimValues(calls, bench, operation.key, content));
  }
  const claim = await standingClaim(calls, operation.key);
  if (claim) return proven(claim, content);
  throw new BusinessError(
    'SUPPLIER_CLAIM_GONE',
    `the supplier credit note of ${operation.key} disappeared from the ERP while it was worked on`,
  );
}

export async function findSupplierClaim(calls: Calls, operation: Operation): Promise<Made | undefined> {
  const claim = await standingClaim(calls, operation.key);
  return claim && proven(claim, operation.content as unknown as SupplierClaimContent);
}

/** The one credit note under a key; whoever cancelled it decided that it is not claimed. */
async function standingClaim(calls: Calls, key: string) {
  const domain = [
    ['type', '=', 'in'],
    ['description', 'like', keyPattern(key)],
  ];
  const alike = await calls.find(INVOICE, domain, SHAPE, { order: [['id', 'ASC']] });
  const ours = alike.filter(({ description }) => bearsKey(description, key));
  const [standing, ...others] = ours.filter(({ state }) => state !== 'cancelled');
  if (others.length > 0) {
    throw new BusinessError(
      'DUPLICATE_SUPPLIER_CLAIMS',
      `the ERP has ${others.length + 1} supplier credit notes of ${key}: cancel those that are too many there, then retry the operation`,
    );
  }
  if (standing || ours.length === 0) return standing;
  throw new BusinessError(
    'SUPPLIER_CLAIM_CANCELLED',
    `somebody cancelled the supplier credit note of ${key} in the ERP: reset it to draft there and retry the operation, or close the case if the supplier is not to pay`,
  );
}

async function claimValues(
  calls: Calls,
  { directory, settings }: Workbench,
  key: string,
  content: SupplierClaimContent,
): Promise<Values> {
  const { supplierClaims: terms } = settings;
  if (!terms) {
    throw new BusinessError(
      'CLAIMS_NOT_MAPPED',
      "the account's settings do not say where supplier claims are booked: name journal, account and payable under supplierClaims, then retry the operation",
    );
  }
  const { company } = await directory.shop(calls);
  const currency = await directory.currency(calls, content.currency);
  const party = await directory.supplier(calls, partyOf(terms, content.claim.supplier));
  const accounts = await directory.accounts(calls, company, [terms.account, terms.payable]);
  const common = { company, currency, account: accounts.get(terms.account)?.account };
  return {
    type: 'in',
    company,
    party,
    invoice_address: await defaultAddress(calls, party),
    account: accounts.get(terms.payable)?.account,
    journal: await directory.journal(calls, terms.journal),
    currency,
    reference: content.reference,
    description: describedAs(key, `claim ${content.reference}`),
    lines: [['create', await lineValues(calls, { directory, settings }, content, common)]],
  };
}

const partyOf = ({ parties }: NonNullable<Workbench['settings']['supplierClaims']>, supplier: string): string =>
  (Object.hasOwn(parties, supplier) ? parties[supplier] : undefined) ?? supplier;

async function lineValues(
  calls: Calls,
  { directory }: Workbench,
  { lines, currency }: SupplierClaimContent,
  common: Values,
): Promise<Values[]> {
  const skus = lines.map(({ sku }) => sku);
  const products = await directory.products(calls, skus, 'take-back');
  return lines.flatMap(({ sku, quantity, amount, label }) =>
    pricedUnits(Math.abs(amount), Math.abs(quantity)).map((units) => ({
      ...common,
      ...products.get(sku),
      type: 'line',
      quantity: -Math.sign(quantity) * units.quantity,
      unit_price: decimalOf(units.unitPrice, currency),
      description: label,
    })),
  );
}

function proven(claim: Claim, { total, currency, reference }: SupplierClaimContent): Made {
  const { code } = claim['currency.'];
  const { total_amount: amount } = claim;
  const has = amount === null || code !== currency ? undefined : minorFromDecimal(amount.decimal, code);
  // Once it is posted the supplier's own amounts and taxes count; until then it is what we claim.
  const settled = claim.state === 'posted' || claim.state === 'paid';
  if (settled || has === -total) return { ref: String(claim.id), facts: { total } };
  throw new BusinessError(
    'TOTAL_MISMATCH',
    `the supplier credit note of claim ${reference} comes to ${amount?.decimal ?? 'nothing'} ${code} in the ERP and must come to ${formatMoney({ minor: -total, currency })} ${currency}: mend it there`,
  );
}

/** Units and amount of one sign: less than none takes back what was claimed too much. */
const isSound = ({ quantity, amount }: ClaimedLine): boolean =>
  Number.isSafeInteger(quantity) && Number.isSafeInteger(amount) && quantity * amount > 0;

/** Refuses what must never be sent. */
function assertSound({ lines, total, reference, currency }: SupplierClaimContent): void {
  const sum = lines.reduce((all, { amount }) => all + amount, 0);
  if (total > 0 && lines.every(isSound) && sum === total) return;
  throw new BusinessError(
    'CLAIM_NOT_SOUND',
    `claim ${reference} was not sent, because its lines are not whole units at amounts that come to its total of ${total} minor units of ${currency}: see how it was planned`,
  );
}
