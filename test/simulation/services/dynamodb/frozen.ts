import { sizeAtMost } from './sizes.ts';
import type { Item, Value } from './values.ts';

/**
 * What is stored can't be changed any more, so that whoever reads it can be given the thing itself, and whoever stores it
 * again as a part of something else need not copy it. Code of ours that changes in place what it has read is found out by
 * that; a client of AWS would let it, and hide it.
 */
type Kept = {
  /** A size in bytes that it certainly does not exceed. */
  readonly bytes: number;
  /** How deep lists and maps lie in each other, itself included. */
  readonly height: number;
};

/** Of maps and lists that are worth it: smaller ones are sooner copied than looked up. */
const KEPT = new WeakMap<object, Kept>();
const WORTH_BYTES = 400;

/** What is known of a value that was stored before, and lies in it whole; undefined of any other. */
export const keptOf = (value: object): Kept | undefined => KEPT.get(value);

/** Makes an item unchangeable, but for what holds a set, which can't be frozen. Answers a size that it does not exceed. */
export function freeze(item: Item): number {
  weighed = 0;
  freezeContainer(item);
  return weighed;
}

/** Of the item under way. */
let weighed = 0;
/** Height of what holds a set: nothing that holds it is whole either. */
const NOT_WHOLE = Number.POSITIVE_INFINITY;

/** Answers its height. */
function freezeContainer(container: Item | readonly Value[]): number {
  const known = KEPT.get(container);
  if (known) {
    weighed += known.bytes;
    return known.height;
  }
  const before = weighed;
  const height = 1 + (Array.isArray(container) ? freezeMembers(container) : freezeAttributes(container as Item));
  if (height === NOT_WHOLE) return height;
  Object.freeze(container);
  const bytes = weighed - before;
  if (bytes >= WORTH_BYTES) KEPT.set(container, { bytes, height });
  return height;
}

function freezeAttributes(item: Item): number {
  weighed += 3;
  let highest = 0;
  for (const name in item) {
    weighed += name.length * 3 + 1;
    highest = Math.max(highest, freezeValue(item[name] as Value));
  }
  return highest;
}

function freezeMembers(list: readonly Value[]): number {
  weighed += 3 + list.length;
  let highest = 0;
  for (const member of list) highest = Math.max(highest, freezeValue(member));
  return highest;
}

/** No UTF-16 unit takes more than three bytes in UTF-8, and no number more than eleven. */
function freezeValue(value: Value): number {
  if (typeof value === 'string') weighed += value.length * 3;
  else if (typeof value !== 'object' || value === null) weighed += 11;
  else if (value instanceof Set) {
    weighed += sizeAtMost({ '': value as Value });
    return NOT_WHOLE;
  } else return freezeContainer(value as Item | readonly Value[]);
  return 0;
}
