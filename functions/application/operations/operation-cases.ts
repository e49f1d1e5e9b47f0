import type { CaseToOpen } from '#core/cases/case.ts';
import type { Operation, Target } from '#core/operations/operation.ts';

/** Where cases of a partner account as a whole are kept. */
export const targetSubject = ({ connector, account }: Target): string => `TARGET#${connector}#${account}`;

export const OUTAGE_CODE = 'PARTNER_UNAVAILABLE';

export const outageCase = ({ connector, account }: Target, cause: string): CaseToOpen => ({
  code: OUTAGE_CODE,
  owner: 'integration',
  message: `${connector}/${account} can't be reached: ${cause}`,
  suggestedFix: 'nothing is lost: operations wait and go on by themselves; tell the partner if it lasts',
});

export const unknownCaseCode = ({ kind }: Pick<Operation, 'kind'>): string => `OUTCOME_UNKNOWN#${kind}`;

export const unknownCase = (operation: Operation): CaseToOpen => ({
  code: unknownCaseCode(operation),
  owner: operation.kind.startsWith('erp/') ? 'erp' : 'finance',
  message: `nobody can tell whether ${operation.key} happened at ${operation.target.connector}: its answer was lost`,
  suggestedFix: `look for it at ${operation.target.connector}, then: crossdock operations resolve ${operation.key} --applied REF | --not-applied`,
});
