import type { AuthorizationRequest, InspectedUnits } from '../../../bin/local/partners/return-messages.ts';
import type { Random } from './random.ts';

type Units = { readonly lineId: string; readonly quantity: number };

/** Codes of Shopify, one in a merchant's own words, and one that nobody has mapped. */
const REASONS = [
  'UNWANTED',
  'SIZE_TOO_SMALL',
  'DEFECTIVE',
  'WRONG_ITEM',
  'NOT_AS_DESCRIBED',
  'Changed my mind',
  'X-42',
];

/** What a buyer wants to send back of an order: some of its lines, some units of each. */
export function drawRequest(random: Random, lines: readonly Units[]): AuthorizationRequest['lines'] {
  const some = lines.filter(() => random() < 0.6);
  return (some.length > 0 ? some : lines.slice(0, 1)).map(({ lineId, quantity }) => ({
    lineId,
    quantity: 1 + Math.floor(random() * quantity),
    reasonCode: REASONS[Math.floor(random() * REASONS.length)] ?? 'OTHER',
  }));
}

export type Goods = {
  readonly story: 'full' | 'partial' | 'over' | 'wrong-item' | 'empty';
  readonly received: readonly Units[];
  readonly inspected: readonly InspectedUnits[];
};

/** What a parcel brings, and what is found when it is opened. */
export function drawGoods(random: Random, authorized: readonly Units[]): Goods {
  const story = storyOf(random());
  const received = authorized.map((line, index) => ({ ...line, quantity: line.quantity + difference(story, index) }));
  const there = received.filter(({ quantity }) => quantity > 0);
  // A report holds one line at least.
  const told = there.length > 0 ? there : authorized.slice(0, 1);
  return { story, received: told, inspected: told.map((line) => ({ ...line, ...findings(story, random) })) };
}

function storyOf(drawn: number): Goods['story'] {
  if (drawn < 0.6) return 'full';
  if (drawn < 0.75) return 'partial';
  if (drawn < 0.85) return 'over';
  return drawn < 0.93 ? 'wrong-item' : 'empty';
}

/** One unit of the first line fewer, or more. */
function difference(story: Goods['story'], index: number): number {
  if (index > 0) return 0;
  if (story === 'partial') return -1;
  return story === 'over' ? 1 : 0;
}

function findings(story: Goods['story'], random: Random): Pick<InspectedUnits, 'condition' | 'disposition'> {
  if (story === 'wrong-item') return { condition: 'wrong-item', disposition: 'quarantine' };
  if (story === 'empty') return { condition: 'empty', disposition: 'dispose' };
  const drawn = random();
  if (drawn < 0.6) return { condition: 'new', disposition: 'restock' };
  if (drawn < 0.8) return { condition: 'opened', disposition: 'refurbish' };
  // Reports come that would sell a damaged unit again.
  return { condition: 'damaged', disposition: drawn < 0.85 ? 'restock' : 'quarantine' };
}
