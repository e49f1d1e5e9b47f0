import type { CaseToOpen } from '../cases/case.ts';
import { counted } from '../kernel/counted.ts';
import { never } from '../kernel/decision.ts';
import { allEffects, type Effects, effects, NO_EFFECTS } from '../kernel/effects.ts';
import { formatMoney } from '../kernel/money.ts';
import type { JsonObject, PlannedOperation, Target } from '../operations/operation.ts';
import { claimKey, type OpenClaim } from './claim.ts';
import { type LeftOut, type SupplierClaimContent, supplierClaimKey } from './claim-document.ts';
import type { ClaimEvent } from './decider.ts';

/** What follows from events of a claim; `state` is the claim after all of them. */
export const claimReactions = (events: readonly ClaimEvent[], state: OpenClaim): Effects =>
  allEffects(events.map((event) => react(event, state)));

function react(event: ClaimEvent, state: OpenClaim): Effects {
  switch (event.type) {
    case 'claim.lines-changed':
    case 'claim.closed':
      return NO_EFFECTS;
    case 'claim.documents-planned':
      return effects({
        operations: event.documents.map((content) => draftOf(content, event.erp)),
        openCases: isNothing(event.leftOut) ? [] : [partlyDocumented(state, event.leftOut)],
      });
    case 'claim.documented':
      return effects({ closeCases: [refusedCode(event.nth)] });
    case 'claim.document-refused':
      return effects({ openCases: [documentRefused(state, event)] });
    default:
      return never(event);
  }
}

const draftOf = (content: SupplierClaimContent, target: Target): PlannedOperation => ({
  key: supplierClaimKey(content.claim),
  kind: 'erp/supplier-claim',
  target,
  subject: claimKey(content.claim),
  content: content as unknown as JsonObject,
});

const refusedCode = (nth: number): string => `CLAIM_DOCUMENT_REFUSED#${nth}`;

function documentRefused(
  state: OpenClaim,
  { nth, reason }: Extract<ClaimEvent, { type: 'claim.document-refused' }>,
): CaseToOpen {
  const { supplier, period, number, documents = [] } = state;
  const total = documents.find((one) => one.nth === nth)?.total;
  const key = supplierClaimKey({ supplier, period, nth });
  return {
    code: refusedCode(nth),
    owner: 'finance',
    message: `the ERP refuses document ${nth} of claim ${number}: ${reason.code}: ${reason.message}`,
    suggestedFix: `set right what the ERP names, then: crossdock operations retry ${key} --apply; or make the document by hand, and say under which id: crossdock operations resolve ${key} --applied ID --apply`,
    ...(total && { moneyAtRisk: total }),
  };
}

const isNothing = ({ linesWithoutCost, balances }: LeftOut): boolean =>
  linesWithoutCost === 0 && balances.every(({ minor }) => minor === 0);

function partlyDocumented({ number }: OpenClaim, { linesWithoutCost, balances }: LeftOut): CaseToOpen {
  const parts = [
    ...(linesWithoutCost > 0 ? [`${counted(linesWithoutCost, 'line has', 'lines have')} no cost`] : []),
    ...balances.map((sum) => `what is claimed comes to ${formatMoney(sum)} ${sum.currency}`),
  ];
  return {
    code: 'CLAIM_PARTLY_DOCUMENTED',
    owner: 'finance',
    message: `the ERP gets no document for a part of claim ${number}: ${parts.join('; ')}`,
    suggestedFix: `settle that part with the supplier by hand ("crossdock claims export" has its lines), then close this case`,
  };
}
