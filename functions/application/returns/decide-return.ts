import { authorizeLines } from '#core/returns/credit.ts';
import type { ReturnCommand } from '#core/returns/decider.ts';
import type { ReturnState } from '#core/returns/state.ts';
import type { Cause } from '../aggregate.ts';
import { type CommandOf, changeReturn, type Present, type ReturnPorts, stageReturn } from './change-return.ts';

/** `resolve-refund`: the buyer has the money already, so the return goes on without our refund. */
export type ReturnVerdict = 'approve' | 'refuse' | 'resolve-refund';

export type DecideReturn = {
  readonly returnKey: string;
  readonly verdict: ReturnVerdict;
  /** Id of the operator who decides; kept with the return. */
  readonly by: string;
  /** Writes only when true. */
  readonly apply: boolean;
};

export type Decided = { readonly done: boolean; readonly message: string; readonly status: ReturnState['status'] };

/** A person's word on a return that waits for one: in review, above the limit of refunds, or with a refund that is stuck. */
export async function decideReturn(
  ports: ReturnPorts,
  { returnKey, verdict, by, apply }: DecideReturn,
  cause: Cause,
): Promise<Decided> {
  const commandOf: CommandOf = (present) => commandFor(verdict, by, present, cause.now);
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

async function commandFor(
  verdict: ReturnVerdict,
  by: string,
  { state, order }: Present,
  at: string,
): Promise<ReturnCommand> {
  if (verdict === 'resolve-refund') return { type: 'resolve-refund', by };
  const undecided = state.status === 'review' || (state.status !== 'none' && state.review && !state.finance);
  if (!undecided) return { type: verdict, by, at };
  if (verdict === 'refuse') return { type: 'decide-review', decision: 'rejected', by, at, authorized: [] };
  const stored = await order(state.authorization.orderKey);
  if (!stored || stored.state.status === 'none') throw new Error(`${state.authorization.orderKey} is gone`);
  const wanted = state.authorization.lines.filter(({ decision }) => decision !== 'rejected');
  // Worth and room are those of the order as it is now: the transaction fails if it changes meanwhile.
  return { type: 'decide-review', decision: 'approved', by, at, authorized: authorizeLines(stored.state, wanted) };
}
