import type { CaseToOpen } from '../cases/case.ts';
import { counted } from '../kernel/counted.ts';
import type { Reason } from '../kernel/decision.ts';
import type { Effects } from '../kernel/effects.ts';
import { DIFFERENCE_CAUSES, type DifferenceCause, OWNER_OF_CAUSE } from './difference.ts';
import { journalKey } from './posting.ts';
import { differencesOf, type OpenSettlement } from './state.ts';
import { residual } from './totals.ts';

export const BLOCKED = 'SETTLEMENT_BLOCKED';
export const NOT_TOLD = 'SETTLEMENT_NOT_TOLD';
export const COLLECT_AGAIN = 'SETTLEMENT_COLLECT_AGAIN';

const differenceCode = (cause: DifferenceCause): string => `SETTLEMENT_DIFFERS#${cause}`;
export const refusedCode = (part: string): string => `POSTING_REFUSED#${part}`;

/** One case a settlement, however many lines have no class. */
export function blocked(state: OpenSettlement): CaseToOpen {
  const { header, totals } = state.collection;
  const unknown = totals.unclassified.reduce((sum, { amount }) => sum + Math.abs(amount), 0);
  return {
    code: BLOCKED,
    owner: 'finance',
    message: `${nameOf(state)} can't be posted: ${state.blocked.map(({ message }) => message).join('; ')}`,
    suggestedFix:
      'add the rules that are missing: it is classified anew within minutes of their deployment, or of an upload of the mapping; where money is unexplained, fetch the right file and drop it',
    moneyAtRisk: { minor: Math.abs(residual(totals, header)) + unknown, currency: header.currency },
  };
}

/** It is neither matched nor posted, however often its batches are handed out: nothing mends that but a person. */
export function notTold(state: OpenSettlement): CaseToOpen {
  const { batches, header } = state.collection;
  const [first] = state.pending;
  return {
    code: NOT_TOLD,
    owner: 'integration',
    message: `${nameOf(state)} is not posted: ${state.pending.length} of ${batches} batches of its orders can't be told, the first is batch ${first}`,
    suggestedFix:
      'crossdock dlq show settlement-work names the fault; once it is mended: crossdock dlq redrive settlement-work --apply (it is also tried again by itself, at least once a day)',
    moneyAtRisk: { minor: Math.abs(header.announced), currency: header.currency },
  };
}

/** One case a settlement and cause, with how many orders and how much; those whose cause is gone close. */
export function differences(state: OpenSettlement): Pick<Effects, 'openCases' | 'closeCases'> {
  const found = differencesOf(state);
  return {
    openCases: DIFFERENCE_CAUSES.flatMap((cause) => (found[cause] ? [differs(state, cause)] : [])),
    closeCases: DIFFERENCE_CAUSES.flatMap((cause) => (found[cause] ? [] : [differenceCode(cause)])),
  };
}

function differs(state: OpenSettlement, cause: DifferenceCause): CaseToOpen {
  const { currency } = state.collection.header;
  const { count, amount, gross, since, examples } = differencesOf(state)[cause] ?? NONE;
  return {
    code: differenceCode(cause),
    owner: OWNER_OF_CAUSE[cause],
    message: `${nameOf(state)} differs from ${counted(count, 'order')} by ${cause}: ${counted(amount, 'minor unit')} of ${currency} since ${since.slice(0, 10)}, such as ${examples.join(', ')}`,
    suggestedFix: FIXES[cause],
    moneyAtRisk: { minor: gross, currency },
  };
}

const NONE = { count: 0, amount: 0, gross: 0, since: '', examples: [] };

const LOOK = 'look with "crossdock settlements lines <settlement> --differences"';

const FIXES: Readonly<Record<DifferenceCause, string>> = {
  'missing-order': `${LOOK}; fetch the orders from the channel: they are matched again by themselves when they come`,
  'fee-change': `${LOOK}; compare with the agreement and claim from the channel what is too much`,
  'late-refund': `${LOOK}; compare the refunds of channel and orders; the later one closes it by itself`,
  'tax-difference': `${LOOK}; compare who remits the tax of these orders`,
  fx: `${LOOK}; book the exchange difference`,
  rounding: 'write it off if it is no more than a unit a line',
  'amount-differs': `${LOOK}; compare the orders with the channel and claim what was paid too little`,
  'not-settled': 'ask the channel when it pays these orders',
  chargeback: `${LOOK}; answer the chargebacks in time, or accept them`,
  'unannounced-deposit-difference': 'compare the deposit with the bank statement',
};

export const postingRefused = (
  state: OpenSettlement,
  { part, reason }: { readonly part: string; readonly reason: Reason },
): CaseToOpen => ({
  code: refusedCode(part),
  owner: 'finance',
  message: `the ERP refuses ${part} of ${nameOf(state)}: ${reason.code}: ${reason.message}`,
  suggestedFix: refusedFix(journalKey(state.collection.header.id, part)),
  moneyAtRisk: {
    minor: state.parts.find((one) => one.part === part)?.debit ?? 0,
    currency: state.collection.header.currency,
  },
});

const refusedFix = (key: string): string =>
  `mend the cause, then: crossdock operations retry ${key} --apply; or have it in the books by hand, and say under which id: crossdock operations resolve ${key} --applied ID --apply`;

export const collectAgain = (state: OpenSettlement): CaseToOpen => ({
  code: COLLECT_AGAIN,
  owner: 'finance',
  message: `${nameOf(state)} was first read on ${state.importedAt.slice(0, 10)}, and the channel may have changed it since: it has to be collected again`,
  suggestedFix:
    'fetch the file from the channel and drop it: crossdock settlements import --file FILE --apply; the case closes with it, changed or not',
});

function nameOf({ collection: { header } }: OpenSettlement): string {
  const { channel, account, settlementId } = header.id;
  return `settlement ${settlementId} of ${channel}/${account}`;
}
