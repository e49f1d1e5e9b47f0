import { Option } from 'commander';
import { type OperatorAnswer, resolveOperation, retryOperation } from '#application/operations/retry-operation.ts';
import { CASE_OWNERS } from '#core/cases/case.ts';
import { caseStore } from '#platform/aws/stores.ts';
import { clock } from '#platform/handlers/on-aws.ts';
import { operatorPorts } from '../../functions/handlers/wiring/operating.ts';
import { positive } from './lists.ts';
import { CliError, type Report, tableOr } from './report.ts';
import { APPLY, onStage, verb } from './verb.ts';

/** Verbs by which a person decides. Each is a dry run until --apply. */

export const operationsRetry = verb(
  'retry <key>',
  'Plans a rejected operation again under its key, after its cause was mended.',
  [
    'crossdock operations retry erp/sales-order/shopify/main/5001',
    'crossdock operations retry erp/sales-order/shopify/main/5001 --apply',
  ],
)
  .option(...APPLY)
  .action(
    onStage(async (_stage, { apply }, key: string) =>
      answered(await retryOperation(operatorPorts(), key, apply === true), apply === true),
    ),
  );

export const operationsResolve = verb(
  'resolve <key>',
  'Settles an operation of which nobody could tell whether it happened, or a refused posting that was made by hand.',
  [
    'crossdock operations resolve erp/journal/amazon/main/15000000001/2026-10 --applied 812 --apply',
    'crossdock operations resolve erp/credit-memo/generic/main/R-1 --applied 4711 --apply',
    'crossdock operations resolve erp/credit-memo/generic/main/R-1 --not-applied --apply',
  ],
)
  .option('--applied <ref>', "it happened: the partner's id of it")
  .option('--not-applied', 'it did not happen, and may be called again')
  .option(...APPLY)
  .action(
    onStage(async (_stage, { applied, notApplied, apply }, key: string) => {
      if ((applied === undefined) === (notApplied === undefined))
        throw new CliError(2, 'say either --applied REF or --not-applied');
      const resolution =
        typeof applied === 'string' ? ({ kind: 'applied', ref: applied } as const) : ({ kind: 'not-applied' } as const);
      return answered(await resolveOperation(operatorPorts(), key, resolution, apply === true), apply === true);
    }),
  );

/** A dry run that would do something is good news; one that can't, and an apply that did nothing, are not. */
function answered({ done, message, operation }: OperatorAnswer, applied: boolean): Report {
  const possible = done || (!applied && message.includes('dry run'));
  return { json: { done, message, operation }, text: message, exit: possible ? 0 : 1 };
}

export const casesList = verb('list', 'What waits for a person, by owner.', [
  'crossdock cases list',
  'crossdock cases list --owner finance --json',
])
  .addOption(new Option('--owner <owner>', 'only cases of this owner').choices([...CASE_OWNERS]))
  .option('--limit <n>', 'how many', positive, 50)
  .action(
    onStage(async (_stage, { owner, limit }) => {
      const cases = await caseStore().listOpen({ limit: Number(limit), ...(typeof owner === 'string' && { owner }) });
      const rows = cases.map((one) => [
        one.owner,
        one.code,
        one.subject,
        one.count,
        one.lastSeenAt,
        one.message,
        one.suggestedFix,
      ]);
      return {
        json: cases,
        text: tableOr(
          'no open cases',
          ['owner', 'code', 'subject', 'count', 'last seen', 'what', 'suggested fix'],
          rows,
        ),
      };
    }),
  );

export const casesClose = verb('close <subject> <code>', 'Closes a case that a person has settled.', [
  "crossdock cases close 'ORDER#shopify#main#5001' ORDER_AMENDED --apply",
])
  .option(...APPLY)
  .action(
    onStage(async (_stage, { apply }, subject: string, code: string) => {
      const open = (await caseStore().listOpen({ limit: 1000 })).find(
        (one) => one.subject === subject && one.code === code,
      );
      if (!open) throw new CliError(1, `${subject} has no open case ${code}: list them with "crossdock cases list"`);
      if (apply === true) await caseStore().close(subject, code, clock.now());
      const message =
        apply === true ? `closed ${code} of ${subject}` : `would close ${code} of ${subject} (dry run: add --apply)`;
      return { json: { done: apply === true, message }, text: message };
    }),
  );
