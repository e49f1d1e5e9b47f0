import type { FeeAgreement } from '#core/settlements/fees.ts';
import type { PostingTerms } from '#core/settlements/journal.ts';
import { S3SettlementLines, SqsSettlementWork } from '#platform/aws/settlement-files.ts';
import { jsonEnv, once } from '#platform/env.ts';

type StageTerms = PostingTerms & { readonly fees: Readonly<Record<string, readonly FeeAgreement[]>> };

/** As deployed; checked when the stage was synthesized. */
const stageTerms = /* @__PURE__ */ once(() => jsonEnv('SETTLEMENT_TERMS', (given) => given as StageTerms));

/** How the books take settlements. */
export const settlementTerms = /* @__PURE__ */ once((): PostingTerms => {
  const { fees: _agreed, ...terms } = stageTerms();
  return terms;
});

/** What is agreed with a channel account about its fees. */
export const agreementsWith = (channel: string, account: string): readonly FeeAgreement[] =>
  stageTerms().fees[`${channel}/${account}`] ?? [];

export const settlementLines = /* @__PURE__ */ once(() => new S3SettlementLines());

export const settlementWork = /* @__PURE__ */ once(() => new SqsSettlementWork());
