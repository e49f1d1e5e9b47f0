/**
 * Makes a failing run small: of all that was done and all that went wrong, what is needed for the failure. Delta debugging
 * (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002) that only leaves parts out and tries
 * none alone, which takes a third of the runs when few of many choices are needed: halves first, then ever smaller parts,
 * until no single choice can go.
 */

export type Shrunk<T> = {
  /** What is left, in the order in which it was given. */
  readonly kept: readonly T[];
  /** Without any one of these the run does not fail any more; false when the runs were used up before that was known. */
  readonly minimal: boolean;
  /** Runs made: for n choices at most n² / 2 + 3n + 2, and far fewer when few of them are needed. */
  readonly runs: number;
};

/** Ends the search where it stands. */
class UsedUp extends Error {}

/**
 * @param fails says whether a run with just these choices fails in the same way; asked once for the same choices, so it
 * must always say the same.
 * @param most the most runs to make, two at least.
 */
export async function shrink<T extends { readonly id: string }>(
  choices: readonly T[],
  fails: (subset: readonly T[]) => Promise<boolean>,
  { most = Number.POSITIVE_INFINITY }: { readonly most?: number } = {},
): Promise<Shrunk<T>> {
  if (!(most >= 2)) throw new Error(`${most} runs are too few to shrink anything: give two at least`);
  const known = new Map<string, boolean>();
  const numbers = numbered(choices);
  const failsWith = async (subset: readonly T[]): Promise<boolean> => {
    const key = subset.map(({ id }) => numbers.get(id)).join();
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= most) throw new UsedUp();
    const failed = await fails(subset);
    known.set(key, failed);
    return failed;
  };

  if (!(await failsWith(choices))) {
    throw new Error(
      `a run with all ${choices.length} choices does not fail: nothing to shrink (is something left out, or by chance?)`,
    );
  }
  let kept = choices;
  try {
    if (await failsWith([])) kept = [];
    let size = Math.ceil(kept.length / 2);
    while (kept.length > 1) {
      const before = kept.length;
      // From the end, where a choice has the least behind it that it could change.
      for (let end = kept.length; end > 0; end -= size) {
        const rest = [...kept.slice(0, Math.max(end - size, 0)), ...kept.slice(end)];
        if (await failsWith(rest)) kept = rest;
      }
      // What could not go may be able to once another choice has gone.
      if (size === 1 && kept.length === before) break;
      size = Math.ceil(size / 2);
    }
  } catch (error) {
    if (!(error instanceof UsedUp)) throw error;
    return { kept, minimal: false, runs: known.size };
  }
  return { kept, minimal: true, runs: known.size };
}

function numbered(choices: readonly { readonly id: string }[]): ReadonlyMap<string, number> {
  const numbers = new Map(choices.map(({ id }, index) => [id, index]));
  if (numbers.size === choices.length) return numbers;
  const twice = choices.find(({ id }, index) => numbers.get(id) !== index);
  throw new Error(`two choices have the id "${twice?.id}": each needs its own`);
}
