import type { PostingTerms } from '#core/settlements/journal.ts';
import { S3SettlementLines, SqsSettlementWork } from '#platform/aws/settlement-files.ts';
import { jsonEnv, once } from '#platform/env.ts';

/** How the books take settlements, as deployed; checked when the stage was synthesized. */
export const settlementTerms = /* @__PURE__ */ once(() =>
  jsonEnv('SETTLEMENT_TERMS', (given) => given as PostingTerms),
);

export const settlementLines = /* @__PURE__ */ once(() => new S3SettlementLines());

export const settlementWork = /* @__PURE__ */ once(() => new SqsSettlementWork());
