import { Random } from '../kernel/random.ts';

/** How busy and how troubled the retailer's days are. Shares are chances per order. */
export type Workload = {
  readonly name: string;
  readonly says: string;
  readonly buyers: number;
  /** So many buyers instead, in one seed of so many: what they show is worth a few long runs, not all runs being long. */
  readonly crowd?: { readonly buyers: number; readonly oneSeedIn: number };
  /** Hours over which they buy. */
  readonly hours: number;
  /** Multiplies the chance of every fault. */
  readonly intensity: number;
  /** Of an article that the ERP does not have. */
  readonly unknownArticle: number;
  readonly cancelled: number;
  readonly cancelledBeforeCreate: number;
  readonly amended: number;
  readonly returned: number;
  /** The shop's staff pays money back by itself. */
  readonly refundedInShop: number;
  readonly fulfilledInShop: number;
  /** A buyer on the phone gets the money from the shop's staff while the return is on its way through the house. */
  readonly staffRushes: number;
  /** The parcel of a return never comes. */
  readonly neverArrives: number;
  /** Units on the shelves of the one article on sale; all articles are on sale when left out. */
  readonly unitsOnSale?: number;
  /** Begins so many hours after the first order. */
  readonly erpOutageHours?: { readonly after: number; readonly lasts: number };
  /** Every message of the shop comes once more, so many hours after the last order. */
  readonly replayAfterHours?: number;
  /** How often a person looks in and does something at random, in minutes; every hour and by the book when left out. */
  readonly chaoticOperatorEveryMinutes?: number;
  /** The retailer has rules of its own, drawn from the seed, and returns go every way there is (house-rules.ts, deep-returns.ts). */
  readonly deepReturns?: true;
  /** The shop pays out and tells so in files, over so many days; the retailer's currency and closed months are drawn. */
  readonly settlementDays?: number;
};

const QUIET: Workload = {
  name: 'quiet-day',
  says: 'fifty orders over a day, with everything that happens on one',
  buyers: 50,
  hours: 24,
  intensity: 1,
  unknownArticle: 0.01,
  cancelled: 0.06,
  cancelledBeforeCreate: 0.03,
  amended: 0.04,
  returned: 0.25,
  refundedInShop: 0.05,
  fulfilledInShop: 0.02,
  staffRushes: 0.04,
  neverArrives: 0.02,
};

export const WORKLOADS: readonly Workload[] = [
  QUIET,
  { ...QUIET, name: 'black-friday', says: 'eighty orders in twenty minutes', buyers: 80, hours: 1 / 3, returned: 0.1 },
  {
    ...QUIET,
    name: 'last-unit',
    says: 'one unit on the shelf and five hundred buyers, of whom nine seeds in ten see sixty',
    buyers: 60,
    crowd: { buyers: 500, oneSeedIn: 10 },
    hours: 0.1,
    unitsOnSale: 1,
    returned: 0.2,
    cancelled: 0.3,
  },
  {
    ...QUIET,
    name: 'refund-storm',
    says: 'nearly everything comes back, and staff pay back by hand meanwhile',
    hours: 6,
    returned: 0.85,
    refundedInShop: 0.25,
    staffRushes: 0.6,
  },
  {
    ...QUIET,
    name: 'erp-down',
    says: 'the ERP is away for two hours in the middle of the day',
    hours: 6,
    erpOutageHours: { after: 2, lasts: 2 },
  },
  {
    ...QUIET,
    name: 'replayed-day',
    says: 'a whole day of messages comes again, three days later',
    replayAfterHours: 72,
  },
  {
    ...QUIET,
    name: 'operator-chaos',
    says: 'somebody redrives, approves, refuses, retries and resolves at random',
    hours: 8,
    returned: 0.5,
    staffRushes: 0.15,
    intensity: 2,
    chaoticOperatorEveryMinutes: 20,
  },
  {
    ...QUIET,
    name: 'returns-in-depth',
    says: 'instant refunds, parts, keeps, exchanges and claims, by rules that each seed draws for itself',
    buyers: 40,
    hours: 6,
    returned: 0.8,
    refundedInShop: 0.02,
    staffRushes: 0.15,
    deepReturns: true,
  },
  {
    ...QUIET,
    name: 'settlement-fortnight',
    says: 'payouts of the shop in files that come late, twice, changed and wrong, in one of three currencies',
    buyers: 30,
    hours: 48,
    returned: 0.35,
    staffRushes: 0.02,
    settlementDays: 6,
  },
];

/** Throws for a name that no workload has, naming those there are. */
export function workloadNamed(name: string): Workload {
  const found = WORKLOADS.find((one) => one.name === name);
  if (found) return found;
  throw new RangeError(`there is no workload "${name}": name one of ${WORKLOADS.map((one) => one.name).join(', ')}`);
}

/**
 * The workload as one seed has it, with its crowd if it draws one. The draw is a stream of its own, so that all else of a
 * seed is as it would be without. Throws as `workloadNamed` does.
 */
export function workloadOf({ workload: name, seed }: { readonly workload: string; readonly seed: number }): Workload {
  const workload = workloadNamed(name);
  const { crowd } = workload;
  if (!crowd || new Random(`${name}/${seed}/crowd`).int(1, crowd.oneSeedIn) > 1) return workload;
  return { ...workload, buyers: crowd.buyers };
}
