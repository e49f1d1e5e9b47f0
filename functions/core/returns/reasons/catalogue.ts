import type { CanonicalReason, ReasonMap } from '../reasons.ts';

/**
 * Which map holds for a source at a time. Maps are data with a version and a beginning and are never changed: a mistake is
 * mended by a new version, so that a decision of last year can still be read by the map of last year.
 */

/** `amazon`, `generic`; with an account, a merchant's own words there: `generic/main`. */
export type ReasonSource = string;

export type ReasonMapVersion = {
  readonly source: ReasonSource;
  /** What Crossdock knows of a source, or what a merchant says of it; the merchant has the last word. */
  readonly layer: 'vocabulary' | 'merchant';
  readonly version: string;
  /** ISO 8601 in UTC; holds until a later one of its source and layer begins. */
  readonly effectiveFrom: string;
  /** Keys are normal codes (`normalCode`). */
  readonly codes: Readonly<Record<string, CanonicalReason>>;
};

export type ReasonCatalogue = readonly ReasonMapVersion[];

/** The source of what a platform account says. */
export const reasonSource = ({ platform, account }: { readonly platform: string; readonly account: string }): string =>
  `${platform}/${account}`;

/** A source without a vocabulary of its own may say what any marketplace says. */
const COMMON = 'generic';

/**
 * The one map that holds for a source at a time: the vocabulary of its kind, over it the merchant's words for the kind, and
 * over these the merchant's words for the account. Its version names all of those.
 */
export function reasonMapAt(catalogue: ReasonCatalogue, source: ReasonSource, at: string): ReasonMap {
  const [kind = source] = source.split('/');
  const known = catalogue.some((map) => map.source === kind && map.layer === 'vocabulary');
  const layers = [
    newest(catalogue, known ? kind : COMMON, 'vocabulary', at),
    newest(catalogue, kind, 'merchant', at),
    source === kind ? undefined : newest(catalogue, source, 'merchant', at),
  ].filter((layer) => layer !== undefined);
  const names = layers.map(({ layer, source: of, version }) => (layer === 'vocabulary' ? version : `${of}:${version}`));
  return { version: names.join('+') || 'none', codes: Object.assign({}, ...layers.map(({ codes }) => codes)) };
}

type InForce = { readonly effectiveFrom: string };

/** The last of those that have begun; two never begin at once, which the configuration is checked for. */
export const inForce = <M extends InForce>(maps: readonly M[], at: string): M | undefined =>
  maps
    .filter(({ effectiveFrom }) => Date.parse(effectiveFrom) <= Date.parse(at))
    .reduce<M | undefined>(
      (last, one) => (last && Date.parse(last.effectiveFrom) >= Date.parse(one.effectiveFrom) ? last : one),
      undefined,
    );

const newest = (catalogue: ReasonCatalogue, source: string, layer: ReasonMapVersion['layer'], at: string) =>
  inForce(
    catalogue.filter((map) => map.source === source && map.layer === layer),
    at,
  );
