import type { LineClass } from './line.ts';

/**
 * Which words of a channel mean what, as data with a version. A rule names the channel's words, joined by "/" as a line's
 * `source` is; `*` stands for any one word. The rule with the most words written out wins; among equals the earlier one.
 * Words that no rule names have no class: there is no default.
 */
export type RuleSet = {
  /** `amazon-v2`, or what an account's own rules are called. */
  readonly name: string;
  /** A date (YYYY-MM-DD), later ones replace earlier ones. */
  readonly version: string;
  readonly rules: readonly ClassRule[];
};

export type ClassRule = { readonly words: string; readonly class: LineClass };

/** Classifies by a set of rules. Each distinct source is resolved once, so that a line costs one look-up. */
export function classifier(set: RuleSet): (source: string) => LineClass | undefined {
  const exact = new Map<string, LineClass>();
  const patterns: { readonly words: readonly string[]; readonly written: number; readonly class: LineClass }[] = [];
  for (const rule of set.rules) {
    const words = rule.words.split('/');
    const written = words.filter((word) => word !== ANY).length;
    if (written === words.length) exact.set(rule.words, exact.get(rule.words) ?? rule.class);
    else patterns.push({ words, written, class: rule.class });
  }
  patterns.sort((a, b) => b.written - a.written);
  const resolved = new Map<string, LineClass | undefined>(exact);
  return (source) => {
    const known = resolved.get(source);
    if (known !== undefined || resolved.has(source)) return known;
    const given = source.split('/');
    const found = patterns.find(({ words }) => covers(words, given))?.class;
    // Words come from a file: an endless choice of them must not fill the memory.
    if (resolved.size < MOST_SOURCES) resolved.set(source, found);
    return found;
  };
}

const ANY = '*';
const MOST_SOURCES = 10_000;

const covers = (words: readonly string[], given: readonly string[]): boolean =>
  words.length === given.length && words.every((word, at) => word === ANY || word === given[at]);

/** Rules of an account before those of the format: its own words win where both write out as many. */
export const withOwnRules = (own: readonly ClassRule[], base: RuleSet, version: string): RuleSet => ({
  name: `${base.name}+own`,
  version,
  rules: [...own, ...base.rules],
});
