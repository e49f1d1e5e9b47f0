import type { Zones } from './calendar.ts';
import type { ItemAttributes, PolicyRule } from './policy-rules.ts';
import type { SettlementRules } from './terms.ts';
import type { WindowRules } from './window.ts';

/** The merchant's rules for returns; a decision names the version that it was made by. */
export type ReturnPolicy = AuthorizationRules & {
  /** Days after authorization in which goods must arrive; the return expires then. */
  readonly receiptDays: number;
  /** Days after receipt in which goods must be inspected; a person is told then. */
  readonly inspectionDays: number;
  /** Highest refund without a person's approval, by currency in minor units. A currency that is missing always needs one. */
  readonly autoApproveUpTo: Readonly<Record<string, number>>;
  /** How it is settled: waits, approvals, refunds before receipt, duties. */
  readonly settlement?: SettlementRules;
  /** Whose day says which version applies: the order's (a promise holds for what was bought under it) or the request's. */
  readonly judgedBy?: 'order-day' | 'request-day';
  /** Later versions, each a change to the rules above from a date on (local to the merchant). */
  readonly amendments?: readonly PolicyAmendment[];
};

/** What a request is judged by, and what an amendment may change. */
export type AuthorizationRules = {
  readonly version: string;
  /** Days after delivery in which a return may be asked for; see window.ts for where deliveries are not known. */
  readonly windowDays: number;
  readonly finalSaleSkus: readonly string[];
  /** Left out: calendar days in UTC, no time for transit. */
  readonly window?: WindowRules;
  readonly items?: readonly ItemAttributes[];
  readonly rules?: readonly PolicyRule[];
};

export type PolicyAmendment = { readonly effectiveFrom: string } & Pick<AuthorizationRules, 'version'> &
  Partial<AuthorizationRules>;

/** Where a policy says nothing of windows. */
export const PLAIN_WINDOW: WindowRules = {
  counting: 'calendar-days',
  calendar: { weekend: [6, 7], holidays: [] },
  transitDays: 0,
  zone: 'UTC',
  buyerZones: {},
  extensions: [],
};

/** The rules of the day that the policy goes by: the latest amendment that was in force, laid over what came before it. */
export function rulesOn(
  { placedAt, requestedAt }: { readonly placedAt: string; readonly requestedAt: string },
  policy: ReturnPolicy,
  zones: Zones,
): AuthorizationRules {
  const { amendments = [], judgedBy = 'order-day', window = PLAIN_WINDOW } = policy;
  const day = zones.dateAt(judgedBy === 'order-day' ? placedAt : requestedAt, window.zone);
  const inForce = amendments
    .filter(({ effectiveFrom }) => effectiveFrom <= day)
    .sort((one, other) => (one.effectiveFrom < other.effectiveFrom ? -1 : 1));
  return Object.assign({}, policy, ...inForce);
}
