import { never } from '#core/kernel/decision.ts';
import { authorizeLines } from '#core/returns/credit.ts';
import type { ReturnCommand } from '#core/returns/decider.ts';
import type { ReturnState } from '#core/returns/state.ts';
import type { Cause } from '../aggregate.ts';
import { type CommandOf, changeReturn, type Present, type ReturnPorts, stageReturn } from './change-return.ts';

/** What a person can say on a return. */
export const RETURN_VERDICTS = [
  'approve',
  'refuse',
  /** An approval that lapsed is asked for again, of another person. */
  'ask-approval',
  /** The buyer keeps goods that are still awaited, and is paid. */
  'keep-item',
  /** Goods that can't go out in exchange are paid for. */
  'pay-instead',
  /** The buyer has the money already, so the return goes on without our refund. */
  'resolve-refund',
  /** The refund will never be paid: its credit memo is taken back. */
  'give-up-refund',
  /** The credit memo was taken back by hand. */
  'credit-reversed',
  'clawback-collected',
  'clawback-waived',
] as const;
export type ReturnVerdict = (typeof RETURN_VERDICTS)[number];

export type DecideReturn = {
  readonly returnKey: string;
  readonly verdict: ReturnVerdict;
  /** Who decides, as AWS names the principal; kept with the return. */
  readonly by: string;
  /** The ERP's number of what a person did there, for `credit-reversed`. */
  readonly ref?: string;
  /** Writes only when true. */
  readonly apply: boolean;
};

export type Decided = { readonly done: boolean; readonly message: string; readonly status: ReturnState['status'] };

/** A person's word on a return that waits for one. The decider says whether it may be said, and by whom. */
export async function decideReturn(
  ports: ReturnPorts,
  { returnKey, verdict, by, ref, apply }: DecideReturn,
  cause: Cause,
): Promise<Decided> {
  const commandOf: CommandOf = (present) => commandFor({ verdict, by, ref }, present, cause.now);
  const handled = apply
    ? await changeReturn(ports, returnKey, commandOf, cause)
    : await stageReturn(ports, returnKey, commandOf, cause);
  switch (handled.kind) {
    case 'committed':
      return { done: true, message: `${returnKey} is ${handled.state.status}`, status: handled.state.status };
    case 'staged': {
      const { status } = handled.state;
      return { done: false, message: `${returnKey} would be ${status} (dry run: add --apply)`, status };
    }
    case 'ignored':
      return { done: false, message: `nothing to do: ${handled.why}`, status: handled.state.status };
    case 'rejected': {
      const { code, message } = handled.reason;
      return { done: false, message: `${code}: ${message}`, status: handled.state.status };
    }
    case 'seen':
      throw new Error(`${returnKey}: an operator's decision has no inbox mark`);
  }
}

type Word = { readonly verdict: ReturnVerdict; readonly by: string; readonly ref: string | undefined };

async function commandFor({ verdict, by, ref }: Word, present: Present, at: string): Promise<ReturnCommand> {
  switch (verdict) {
    case 'approve':
    case 'refuse':
      return decisionOf(verdict, by, present, at);
    case 'resolve-refund':
    case 'give-up-refund':
      return { type: verdict, by };
    case 'ask-approval':
    case 'pay-instead':
      return { type: verdict, by, at };
    case 'keep-item':
      return { type: 'let-keep', by, at };
    case 'credit-reversed':
      return { type: 'resolve-compensation', ref: ref ?? 'by hand', by };
    case 'clawback-collected':
      return { type: 'settle-clawback', how: 'collected', by, at };
    case 'clawback-waived':
      return { type: 'settle-clawback', how: 'waived', by, at };
    default:
      return never(verdict);
  }
}

/** One word for two questions: whether a return in review is let in, and whether a refund is paid. */
async function decisionOf(
  verdict: 'approve' | 'refuse',
  by: string,
  { state, order }: Present,
  at: string,
): Promise<ReturnCommand> {
  const undecided = state.status === 'review' || (state.status !== 'none' && state.review && !state.finance);
  if (!undecided) return { type: verdict, by, at };
  if (verdict === 'refuse') return { type: 'decide-review', decision: 'rejected', by, at, authorized: [] };
  const stored = await order(state.authorization.orderKey);
  if (!stored || stored.state.status === 'none') throw new Error(`${state.authorization.orderKey} is gone`);
  const wanted = state.authorization.lines.filter(({ decision }) => decision !== 'rejected');
  // Worth and room are those of the order as it is now: the transaction fails if it changes meanwhile.
  return { type: 'decide-review', decision: 'approved', by, at, authorized: authorizeLines(stored.state, wanted) };
}
