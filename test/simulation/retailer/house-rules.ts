import type { Stage } from '../../../lib/config/stage.ts';
import type { Random } from '../kernel/random.ts';

type ReturnRules = NonNullable<Stage['returns']['settlement']>;

/** The day on which every run begins, in New York. */
const FIRST_DAY = '2026-11-20';

/**
 * How a retailer settles its returns, drawn from the seed: what is paid before the goods come, what the buyer may keep, who
 * must agree, which days the books are closed, and by when the marketplace wants the money paid.
 */
export function houseRules(random: Random): ReturnRules {
  const instant = random.pick(['never', 'authorized', 'authorized', 'first-scan'] as const);
  const zones = ['America/Los_Angeles', 'Europe/Berlin', 'Asia/Tokyo'] as const;
  return {
    partialDays: random.pick([0, 1]),
    approvalDays: 1,
    twoApproversAbove: { USD: random.pick([3_000, 8_000]) },
    keepItemUpTo: { USD: random.pick([0, 4_000]) },
    ...(instant !== 'never' && { instantRefund: { when: instant, upTo: { USD: random.pick([10_000, 100_000]) } } }),
    ...(random.chance(0.5) && {
      periods: { timeZone: 'America/New_York', closed: [{ from: '2026-11-01', to: FIRST_DAY }] },
    }),
    duties: {
      shopify: [
        {
          id: 'refund-after-receipt',
          within: random.pick([{ hours: 3 }, { hours: 12 }, { businessDays: 1 }]),
          calendar: { timeZone: random.pick(zones), weekend: random.pick([[6, 7], [5], []]) },
          warnHours: random.pick([1, 6]),
          source: 'the terms of a simulated marketplace',
        },
      ],
    },
  };
}

/** Currencies that differ in how many decimals they have. */
const CURRENCIES = { USD: 2, JPY: 0, KWD: 3 } as const;

export type Books = {
  readonly currency: { readonly code: string; readonly digits: number };
  readonly settlements: { readonly timeZone: string; readonly closedThrough?: string };
};

/** In what the retailer keeps its books, where their months end and which of them are closed. */
export function booksOf(random: Random): Books {
  const code = random.pick(['USD', 'JPY', 'KWD'] as const);
  const closedThrough = random.pick(['', '2026-10-31', FIRST_DAY]);
  return {
    currency: { code, digits: CURRENCIES[code] },
    settlements: {
      timeZone: random.pick(['UTC', 'America/New_York', 'Pacific/Kiritimati']),
      ...(closedThrough !== '' && { closedThrough }),
    },
  };
}
