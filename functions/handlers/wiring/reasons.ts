import { type ReasonMapVersion, reasonMapAt } from '#core/returns/reasons/catalogue.ts';
import type { ReverseMap } from '#core/returns/reasons/channel-codes.ts';
import { REVERSE_MAPS } from '#core/returns/reasons/reverse-maps.ts';
import { VOCABULARIES } from '#core/returns/reasons/vocabularies.ts';
import type { ReasonMap } from '#core/returns/reasons.ts';
import { jsonEnv, once } from '#platform/env.ts';

/** The merchant's maps as deployed; checked when the stage was synthesized. */
const merchants = once(() =>
  jsonEnv(
    'RETURN_REASONS',
    (given) => given as { readonly maps: readonly ReasonMapVersion[]; readonly reverse: readonly ReverseMap[] },
  ),
);

/** All maps: those that Crossdock brings along, and the merchant's. */
export const reasonCatalogue = once(() => [...VOCABULARIES, ...merchants().maps]);

export const reverseMaps = once(() => [...merchants().reverse, ...REVERSE_MAPS]);

export const reasonsOfSource = (source: string, at: string): ReasonMap => reasonMapAt(reasonCatalogue(), source, at);
