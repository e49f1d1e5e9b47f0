import type { ClaimCommand } from '#core/claims/decider.ts';
import type { Operation } from '#core/operations/operation.ts';
import { handle } from '../aggregate.ts';
import type { SubjectHandler } from '../operations/subjects.ts';
import type { Store } from '../ports/store.ts';
import { claimAggregate } from './aggregates.ts';

/** Tells claims how their documents in the ERP ended. */
export const claimSubject = ({ store }: { readonly store: Store }): SubjectHandler => ({
  settle: (ended, expectedRevision, cause) =>
    handle(store, claimAggregate, ended.subject, documentOutcome(ended), cause, {
      operation: { row: ended, expectedRevision },
    }),
});

/** What an ended operation means for its claim. */
export function documentOutcome({ key, kind, status, content, ref, reason }: Operation): ClaimCommand {
  if (kind !== 'erp/supplier-claim') {
    throw new Error(`${key} has a claim as its subject, and ${kind} is no document of a claim`);
  }
  const { nth } = content.claim as { readonly nth: number };
  if (status !== 'applied') {
    const why = reason ?? { code: 'REJECTED', message: 'the ERP refused without a reason' };
    return { type: 'record-document-refusal', nth, reason: why };
  }
  if (ref === undefined) throw new Error(`${key} is applied without the ERP's id`);
  return { type: 'record-document', nth, ref };
}
