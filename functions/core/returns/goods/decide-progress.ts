import { accepted, type Decision, ignored, never, rejected } from '../../kernel/decision.ts';
import type { LineQuantity } from '../../kernel/quantity.ts';
import type { ReturnEvent } from '../events.ts';
import { goodsAfterAll, paidInAdvance } from '../money/claims.ts';
import type { ReturnProgress } from '../return.ts';
import type { OpenReturn, Transit } from '../state.ts';
import { isNews } from './news.ts';

/**
 * What a returns platform, a carrier or a warehouse reports. A report is kept when it is news and left when it is known or
 * older than what is known, whatever state the return is in: what follows from facts is read off them later.
 */
export function recordProgress(progress: ReturnProgress, state: OpenReturn): Decision<ReturnEvent> {
  switch (progress.type) {
    case 'in-transit':
      return scanned(bare(progress), state);
    case 'delivered':
    case 'lost': {
      const report = bare(progress);
      if (!isNews(report, state[progress.type])) return known;
      return accepted({ type: 'return.carrier-reported', word: progress.type, ...report });
    }
    case 'received': {
      const receipt = bare(progress);
      const before = state.receipts.find(({ receiptId }) => receiptId === receipt.receiptId);
      if (!isNews(receipt, before)) return known;
      return (
        faultIn(receipt.lines, `receipt ${receipt.receiptId}`) ??
        accepted({ type: 'return.received', ...receipt }, ...goodsAfterAll(state, receipt.occurredAt))
      );
    }
    case 'inspected': {
      const inspection = bare(progress);
      const before = state.inspections.find(({ inspectionId }) => inspectionId === inspection.inspectionId);
      if (!isNews(inspection, before)) return known;
      return (
        faultIn(inspection.lines, `inspection ${inspection.inspectionId}`) ??
        accepted({ type: 'return.inspected', ...inspection })
      );
    }
    case 'kept':
      return letKeep({ at: progress.occurredAt }, state);
    case 'resolution-chosen':
      return choose(progress, state);
    case 'credit-issued':
      return creditIssued(progress, state);
    case 'cancelled':
      return cancel(progress.occurredAt, state);
    default:
      return never(progress);
  }
}

const known = ignored('known, or older than what is known');

function bare<T extends { readonly type: string }>({ type: _type, ...report }: T): Omit<T, 'type'> {
  return report;
}

/** The latest scan says where the parcel is; the earliest, since when a carrier has it. */
function scanned(scan: Transit, state: OpenReturn): Decision<ReturnEvent> {
  const earlier = state.firstScanAt === undefined || scan.occurredAt < state.firstScanAt;
  return earlier || isNews(scan, state.transit) ? accepted({ type: 'return.dispatched', ...scan }) : known;
}

/**
 * The buyer keeps the goods. The earliest report counts, and an operator's word beside it, because whoever gave it must not
 * approve the money as well.
 */
export function letKeep(kept: NonNullable<OpenReturn['kept']>, state: OpenReturn): Decision<ReturnEvent> {
  const before = state.kept;
  const news = !before || kept.at < before.at || (kept.by !== undefined && before.by === undefined);
  if (!news) return ignored('the buyer keeps the goods');
  const at = before && before.at < kept.at ? before.at : kept.at;
  const by = before?.by ?? kept.by;
  return accepted(
    { type: 'return.kept', at, ...(by !== undefined && { by }) },
    ...(state.finance ? [] : goodsAfterAll(state, kept.at)),
  );
}

type Chosen = Extract<ReturnProgress, { type: 'resolution-chosen' }>;

function choose({ type: _type, currency, ...choice }: Chosen, state: OpenReturn): Decision<ReturnEvent> {
  const fault = currencyFault(currency, state);
  if (fault) return fault;
  return isNews(choice, state.choice) ? accepted({ type: 'return.resolution-chosen', choice }) : known;
}

type Issued = Extract<ReturnProgress, { type: 'credit-issued' }>;

function creditIssued({ type: _type, currency, ...credit }: Issued, state: OpenReturn): Decision<ReturnEvent> {
  const fault = currencyFault(currency, state);
  if (fault) return fault;
  const before = state.issued?.find(({ creditId }) => creditId === credit.creditId);
  return isNews(credit, before) ? accepted({ type: 'return.credit-issued', credit }) : known;
}

function currencyFault(currency: string | undefined, { authorization }: OpenReturn) {
  if (currency === undefined || currency === authorization.currency) return undefined;
  return rejected('CURRENCY_MISMATCH', `the amount is in ${currency}, and the order in ${authorization.currency}`);
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
    case 'reversed':
      return ignored(`the return is ${state.status}`);
    case 'approved':
    case 'receipted':
    case 'credited':
    case 'stocked':
    case 'refunded':
    case 'closed':
      return cancelLate(at, state);
    default:
      // The buyer has the money: the return goes on, and its goods or its claim are still to come.
      if (paidInAdvance(state) > 0) return cancelLate(at, state);
      if (state.cancelledAt !== undefined && state.cancelledAt <= at) return ignored('already cancelled');
      return accepted({ type: 'return.cancelled', at });
  }
}

const cancelLate = (at: string, { cancelledLateAt }: OpenReturn): Decision<ReturnEvent> =>
  cancelledLateAt === undefined || at < cancelledLateAt
    ? accepted({ type: 'return.cancelled-late', at })
    : ignored('late cancellation known');

function faultIn(lines: readonly LineQuantity[], what: string): ReturnType<typeof rejected> | undefined {
  if (lines.length === 0) return rejected('REPORT_WITHOUT_LINES', `${what} has no lines: send what was found`);
  const wrong = lines.find(({ quantity }) => !Number.isSafeInteger(quantity) || quantity <= 0);
  if (!wrong) return undefined;
  const { lineId, quantity } = wrong;
  return rejected('QUANTITY_INVALID', `${what} has ${quantity} of line ${lineId}: send a whole number above zero`);
}
