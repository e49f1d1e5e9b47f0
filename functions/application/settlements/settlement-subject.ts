import type { Operation } from '#core/operations/operation.ts';
import type { SettlementCommand } from '#core/settlements/decider.ts';
import { handle } from '../aggregate.ts';
import type { SubjectHandler } from '../operations/subjects.ts';
import type { Store } from '../ports/store.ts';
import type { SettlementAggregate } from './settlement-aggregate.ts';

/** Tells settlements how their postings ended. */
export const settlementSubject = ({
  store,
  settlements,
}: {
  readonly store: Store;
  readonly settlements: SettlementAggregate;
}): SubjectHandler => ({
  settle: (ended, expectedRevision, cause) =>
    handle(store, settlements, ended.subject, postingOutcome(ended), cause, {
      operation: { row: ended, expectedRevision },
    }),
});

/** What an ended operation means for its settlement. */
export function postingOutcome({ key, kind, status, content, ref, facts, reason }: Operation): SettlementCommand {
  if (kind !== 'erp/journal') throw new Error(`${key} has a settlement as its subject, and ${kind} is no posting`);
  const part = String(content.part);
  if (status !== 'applied') {
    const why = reason ?? { code: 'REJECTED', message: 'the ERP refused without a reason' };
    return { type: 'record-posting-refusal', part, reason: why };
  }
  if (ref === undefined) throw new Error(`${key} is applied without the ERP's id`);
  return { type: 'record-posting', part, ref, number: String(facts?.number ?? ref) };
}
