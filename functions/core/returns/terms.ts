import type { Duty } from './duties/duty.ts';
import { dutiesOf } from './duties/marketplace-duties.ts';
import type { AccountingPeriods } from './money/books.ts';

/** The merchant's rules for how a return is settled; a part of the policy, and each of them optional. */
export type SettlementRules = {
  /** Days after its first receipt in which the rest of a return is waited for; 0: what came first is settled at once. */
  readonly partialDays?: number;
  /** Days after which an approval that was not given, or not used, lapses. */
  readonly approvalDays?: number;
  /** Refunds above it need two approvers. By currency in minor units; a currency that is missing needs one. */
  readonly twoApproversAbove?: Readonly<Record<string, number>>;
  /** Highest refund, by currency in minor units, that is paid before the goods come. */
  readonly instantRefund?: { readonly when: InstantTrigger; readonly upTo: Readonly<Record<string, number>> };
  /** Highest refund without a person's approval when the buyer keeps the goods. A currency that is missing always needs one. */
  readonly keepItemUpTo?: Readonly<Record<string, number>>;
  readonly periods?: AccountingPeriods;
  /** Replaces the marketplace's own duties, by channel (`amazon`, or `amazon/us` for one account). */
  readonly duties?: Readonly<Record<string, readonly Duty[]>>;
};

/** `authorized`: as soon as the return is authorized. `first-scan`: when a carrier has the parcel. */
export type InstantTrigger = 'authorized' | 'first-scan';

/** The rules of the day as they hold for one return, kept with it: later changes of the policy do not change it. */
export type ReturnTerms = {
  readonly partialDays: number;
  readonly approvalDays: number;
  /** Minor units of the order's currency. */
  readonly instant?: { readonly when: InstantTrigger; readonly upTo: number };
  readonly duties: readonly Duty[];
};

const APPROVAL_DAYS = 7;

/** The terms of a return of an order of this channel account and currency. */
export function termsFor(
  rules: SettlementRules | undefined,
  order: { readonly channel: string; readonly account: string; readonly currency: string },
): ReturnTerms {
  const { instantRefund, partialDays = 0, approvalDays = APPROVAL_DAYS } = rules ?? {};
  const upTo = instantRefund && own(instantRefund.upTo, order.currency);
  return {
    partialDays,
    approvalDays,
    ...(instantRefund && upTo !== undefined && { instant: { when: instantRefund.when, upTo } }),
    duties: dutiesOf(order, rules?.duties),
  };
}

/** A currency that is named `constructor` must not find anything either. */
export const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
