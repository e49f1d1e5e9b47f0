import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { decideReturn, type ReturnVerdict } from '#application/returns/decide-return.ts';
import { returnKey } from '#core/returns/return.ts';
import { clock } from '#platform/handlers/on-aws.ts';
import { returnPorts } from '../../functions/handlers/wiring/aggregates.ts';
import { operatorOf } from './operator.ts';
import { CliError } from './report.ts';
import type { DeployedStage } from './stage.ts';
import { APPLY, onStage, verb } from './verb.ts';

/** What people say on returns. Each verb is a dry run until --apply. */
const VERDICTS: Readonly<Record<ReturnVerdict, string>> = {
  approve: 'Approves a refund that waits for a person, or a return in review; never both by one person.',
  refuse: 'Refuses a refund that waits for a person, or a return in review.',
  'ask-approval': 'Asks again for an approval that has lapsed; another person must give it.',
  'keep-item': 'Lets the buyer keep goods that are still awaited, and be paid; another person approves the money.',
  'pay-instead': "Has a buyer paid for goods that can't go out in exchange.",
  'resolve-refund': 'Lets a return go on whose buyer has the money already.',
  'give-up-refund': 'Gives up a refund that will never be paid, and has its credit memo taken back.',
  'credit-reversed': 'Settles a credit memo that was taken back by hand in the ERP.',
  'clawback-collected': 'Settles what the buyer owed for a refund before receipt: it was paid back.',
  'clawback-waived': 'Settles what the buyer owes for a refund before receipt: it need not be paid back.',
};

export const returnsDecide = (Object.entries(VERDICTS) as [ReturnVerdict, string][]).map(([verdict, description]) =>
  verb(`${verdict} <returnId>`, description, [
    `crossdock returns ${verdict} R-1001`,
    `crossdock returns ${verdict} R-1001 --by fatima${verdict === 'credit-reversed' ? ' --ref CN-0044' : ''} --apply`,
  ])
    .option(
      '--by <name>',
      'a note on who decides, beside the AWS principal who does; the decider on the local stage',
      userInfo().username,
    )
    .option('--ref <number>', 'what stands in the ERP, for credit-reversed')
    .option(...APPLY)
    .action(
      onStage(async (stage, { by, ref, apply }, returnId: string) => {
        if (verdict === 'credit-reversed' && typeof ref !== 'string')
          throw new CliError(2, 'say by --ref which document of the ERP takes the credit memo back');
        const key = await returnKeyOf(stage, returnId);
        const operator = await operatorOf(stage.name, String(by));
        const cause = { now: clock.now(), correlationId: randomUUID(), causationId: operator.cause };
        const word = { returnKey: key, verdict, by: operator.by, apply: apply === true };
        const said = typeof ref === 'string' ? { ...word, ref } : word;
        const decided = await decideReturn(returnPorts(), said, cause);
        const possible = decided.done || (apply !== true && decided.message.includes('dry run'));
        const { caveat } = operator;
        return {
          json: { ...decided, by: operator.by, ...(caveat !== undefined && { caveat }) },
          text: [decided.message, ...(caveat === undefined ? [] : [caveat])].join('\n'),
          exit: possible ? 0 : 1,
        };
      }),
    ),
);

/** A return by its key, or by the platform's own id at any account. */
export async function returnKeyOf(stage: DeployedStage, given: string): Promise<string> {
  const keys = given.startsWith('RETURN#')
    ? [given]
    : stage.accounts
        .filter(({ connector }) => connector === 'generic')
        .map(({ connector, account }) => returnKey({ platform: connector, account, returnId: given }));
  for (const key of keys) if (await returnPorts().store.load(key)) return key;
  throw new CliError(1, `no return ${given}: list them with "crossdock returns list"`);
}
