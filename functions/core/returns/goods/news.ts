import { canonicalJson } from '../../kernel/fingerprint.ts';

/** Times in one spelling sort as they follow each other. */
export const earlier = (a: string, b: string): string => [a, b].sort()[0] ?? a;

type Report = { readonly occurredAt: string };

/** Later than what is known; of two reports of one instant the same one wins whichever comes first. */
export function isNews<T extends Report>(given: T, known: T | undefined): boolean {
  if (!known) return true;
  if (given.occurredAt !== known.occurredAt) return given.occurredAt > known.occurredAt;
  return canonicalJson(given) > canonicalJson(known);
}
