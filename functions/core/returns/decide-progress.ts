import { accepted, type Decision, ignored, never, rejected } from '../kernel/decision.ts';
import { canonicalJson } from '../kernel/fingerprint.ts';
import type { LineQuantity } from '../kernel/quantity.ts';
import type { ReturnEvent } from './events.ts';
import type { ReturnProgress } from './return.ts';
import type { OpenReturn } from './state.ts';

/**
 * What a returns platform or a warehouse reports. A report is kept when it is news and left when it is known or older
 * than what is known, whatever state the return is in: what follows from facts is read off them later.
 */
export function recordProgress(progress: ReturnProgress, state: OpenReturn): Decision<ReturnEvent> {
  switch (progress.type) {
    case 'in-transit': {
      const { type: _type, ...transit } = progress;
      if (!isNews(transit, state.transit)) return ignored('known, or older than what is known');
      return accepted({ type: 'return.dispatched', ...transit });
    }
    case 'received': {
      const { type: _type, ...receipt } = progress;
      const known = state.receipts.find(({ receiptId }) => receiptId === receipt.receiptId);
      if (!isNews(receipt, known)) return ignored('receipt known');
      return (
        faultIn(receipt.lines, `receipt ${receipt.receiptId}`) ?? accepted({ type: 'return.received', ...receipt })
      );
    }
    case 'inspected': {
      const { type: _type, ...inspection } = progress;
      const known = state.inspections.find(({ inspectionId }) => inspectionId === inspection.inspectionId);
      if (!isNews(inspection, known)) return ignored('inspection known');
      return (
        faultIn(inspection.lines, `inspection ${inspection.inspectionId}`) ??
        accepted({ type: 'return.inspected', ...inspection })
      );
    }
    case 'cancelled':
      return cancel(progress.occurredAt, state);
    default:
      return never(progress);
  }
}

/**
 * A cancellation holds as long as nothing was approved for payment, whether or not goods have come; goods of a cancelled
 * return are a person's matter. The earliest of several counts.
 */
function cancel(at: string, state: OpenReturn): Decision<ReturnEvent> {
  switch (state.status) {
    case 'rejected':
    case 'expired':
    case 'refused':
      return ignored(`the return is ${state.status}`);
    case 'approved':
    case 'receipted':
    case 'credited':
    case 'stocked':
    case 'refunded':
    case 'closed':
      return state.cancelledLateAt === undefined
        ? accepted({ type: 'return.cancelled-late', at })
        : ignored('late cancellation known');
    default:
      if (state.cancelledAt !== undefined && state.cancelledAt <= at) return ignored('already cancelled');
      return accepted({ type: 'return.cancelled', at });
  }
}

type Report = { readonly occurredAt: string };

/** Later than what is known; of two reports of one instant the same one wins whichever comes first. */
function isNews<T extends Report>(given: T, known: T | undefined): boolean {
  if (!known) return true;
  if (given.occurredAt !== known.occurredAt) return given.occurredAt > known.occurredAt;
  return canonicalJson(given) > canonicalJson(known);
}

function faultIn(lines: readonly LineQuantity[], what: string): ReturnType<typeof rejected> | undefined {
  if (lines.length === 0) return rejected('REPORT_WITHOUT_LINES', `${what} has no lines: send what was found`);
  const wrong = lines.find(({ quantity }) => !Number.isSafeInteger(quantity) || quantity <= 0);
  if (!wrong) return undefined;
  const { lineId, quantity } = wrong;
  return rejected('QUANTITY_INVALID', `${what} has ${quantity} of line ${lineId}: send a whole number above zero`);
}
