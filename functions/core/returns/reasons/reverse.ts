import type { Reason } from '../../kernel/decision.ts';
import type { CanonicalReason } from '../reasons.ts';
import { inForce } from './catalogue.ts';
import { CHANNEL_VOCABULARIES, type ReasonPurpose, type ReverseMap } from './channel-codes.ts';

/** What to tell a channel, or why nothing true can be told. */
export type Reversed =
  | {
      readonly kind: 'mapped';
      readonly code: string;
      /** `nearest`: true, but it says less than we know. */
      readonly fidelity: 'exact' | 'nearest' | 'fallback';
      readonly mappingVersion: string;
    }
  | { readonly kind: 'refused'; readonly reason: Reason };

export type ToReverse = {
  readonly channel: string;
  readonly purpose: ReasonPurpose;
  readonly canonical: CanonicalReason;
  readonly at: string;
};

/**
 * The channel's code for a canonical reason. A vague code ("General adjustment", `OTHER`) is told when the reason itself is
 * `other` or a map names it for just this reason, and never because nothing better was found: a marketplace takes it as an
 * answer, and the true one is lost to whoever looks for defects.
 *
 * Refusals: REASON_CHANNEL_UNKNOWN (no map for the channel), REASON_NOT_IN_CHANNEL (the map is silent), REASON_TOO_VAGUE
 * (only a vague default is left), REASON_CODE_INVALID (the map names a code that the channel does not take).
 */
export function reverseReason(maps: readonly ReverseMap[], { channel, purpose, canonical, at }: ToReverse): Reversed {
  const ofChannel = maps.filter((one) => one.channel === channel && one.purpose === purpose);
  const layers = (['merchant', 'vocabulary'] as const)
    .map((layer) =>
      inForce(
        ofChannel.filter((one) => one.layer === layer),
        at,
      ),
    )
    .filter((map) => map !== undefined);
  if (layers.length === 0) {
    return refused('REASON_CHANNEL_UNKNOWN', `no map says how ${channel} is told why a ${purpose} is made: add one`);
  }
  const found = named(layers, canonical) ?? fallback(layers);
  if (!found) {
    const message = `no map has a ${purpose} code of ${channel} for "${canonical}": add it to reasons.reverse`;
    return refused('REASON_NOT_IN_CHANNEL', message);
  }
  const { code, fidelity, mappingVersion } = found;
  const vocabulary = CHANNEL_VOCABULARIES[channel]?.[purpose];
  if (vocabulary && !vocabulary.codes.includes(code)) {
    const message = `map ${mappingVersion} says "${code}" for "${canonical}", which ${channel} does not take for a ${purpose}`;
    return refused('REASON_CODE_INVALID', message);
  }
  if (fidelity === 'fallback' && canonical !== 'other' && isVague(channel, purpose, code)) {
    const message = `only "${code}" is left for "${canonical}" at ${channel}, which says nothing: name a code in the map`;
    return refused('REASON_TOO_VAGUE', message);
  }
  return { kind: 'mapped', code, fidelity, mappingVersion };
}

/** Whether a code says nothing, whatever its case: merchants' maps may name codes of channels that we have no list of. */
export function isVague(channel: string, purpose: ReasonPurpose, code: string): boolean {
  const listed = CHANNEL_VOCABULARIES[channel]?.[purpose]?.vague ?? [];
  return listed.includes(code) || SAYS_NOTHING.test(code);
}

const SAYS_NOTHING = /^(?:.*[_ -])?(?:others?|unknown|misc(?:ellaneous)?|general[_ -]?adjustment|adjustment)$/i;

type Found = Omit<Extract<Reversed, { kind: 'mapped' }>, 'kind'>;

/** The first layer that names the reason; in one layer, just this code before one that says less. */
function named(layers: readonly ReverseMap[], canonical: CanonicalReason): Found | undefined {
  for (const { exact, nearest, version: mappingVersion } of layers) {
    if (exact[canonical] !== undefined) return { code: exact[canonical], fidelity: 'exact', mappingVersion };
    if (nearest[canonical] !== undefined) return { code: nearest[canonical], fidelity: 'nearest', mappingVersion };
  }
  return undefined;
}

function fallback(layers: readonly ReverseMap[]): Found | undefined {
  const map = layers.find((one) => one.fallback !== undefined);
  return map?.fallback === undefined
    ? undefined
    : { code: map.fallback, fidelity: 'fallback', mappingVersion: map.version };
}

const refused = (code: string, message: string): Reversed => ({ kind: 'refused', reason: { code, message } });
