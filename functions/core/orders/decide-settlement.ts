import { accepted, type Decision, ignored, rejected } from '../kernel/decision.ts';
import type { OrderEvent } from './events.ts';
import { MOST_CLASSES, MOST_SETTLEMENTS, type OpenOrder, type SettlementShare } from './state.ts';

/**
 * Takes what a settlement says of the order, once for each collection of it. Settlements come in any order and more than
 * once; of one settlement the latest collection counts, so that every order of arrival ends in the same books. A collection
 * may both name an order and no longer speak of it: where the one before named it otherwise, by number instead of id. What
 * it says counts then, whichever comes first.
 */
export function recordSettlement(share: SettlementShare, state: OpenOrder): Decision<OrderEvent> {
  const shares = state.settlements ?? [];
  const known = shares.find(({ settlementId }) => settlementId === share.settlementId);
  if (known && !isNews(share, known)) return ignored(`collection ${known.revision} is recorded`);
  const classes = Object.entries(share.amounts ?? {});
  const unsafe = classes.find(([, amount]) => !Number.isSafeInteger(amount));
  if (unsafe) {
    const message = `settlement ${share.settlementId} has ${unsafe[1]} of ${unsafe[0]}: an amount is whole minor units`;
    return rejected('AMOUNT_MALFORMED', message);
  }
  if (classes.length > MOST_CLASSES || (!known && shares.length >= MOST_SETTLEMENTS)) {
    const message = `settlement ${share.settlementId} is the ${shares.length + 1}. of order ${state.number}, with ${classes.length} kinds of amounts: ${MOST_SETTLEMENTS} settlements of ${MOST_CLASSES} kinds are kept`;
    return rejected('SETTLEMENTS_TOO_MANY', message);
  }
  return accepted({ type: 'order.settled', share });
}

const isNews = (share: SettlementShare, known: SettlementShare): boolean =>
  share.revision > known.revision ||
  (share.revision === known.revision && share.amounts !== undefined && known.amounts === undefined);
