import { type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql';
import type { Cost } from '../../../../bin/local/partners/shopify/admin-http.ts';

/**
 * Calculated query cost (https://shopify.dev/docs/api/usage/rate-limits): an object costs one point, a list as many as it
 * is asked for, a mutation ten, a scalar none. The bucket must hold what a query asks for, and gets back what it did not use.
 */
export const MAX_QUERY_COST = 1000;
const MUTATION_COST = 10;

const known = new Map<string, number>();

/** Points that a document may need at most. */
export function requestedCost(query: string): number {
  const found = known.get(query);
  if (found !== undefined) return found;
  const cost = costOfDocument(query);
  known.set(query, cost);
  return cost;
}

function costOfDocument(query: string): number {
  const [operation] = documentOf(query)?.definitions ?? [];
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return 0;
  const base = operation.operation === 'mutation' ? MUTATION_COST : 0;
  return base + costOf(operation.selectionSet);
}

/** A query that does not parse costs nothing: it is refused for that. */
function documentOf(query: string) {
  try {
    return parse(query);
  } catch {
    return undefined;
  }
}

const costOf = (set: SelectionSetNode): number =>
  set.selections.reduce((sum, one) => sum + (one.kind === Kind.FIELD ? costOfField(one) : 0), 0);

function costOfField({ selectionSet, arguments: given = [] }: FieldNode): number {
  if (!selectionSet) return 0;
  const first = given.find(({ name }) => name.value === 'first')?.value;
  const inside = costOf(selectionSet);
  if (first?.kind !== Kind.INT) return 1 + inside;
  const isConnection = selectionSet.selections.some((one) => one.kind === Kind.FIELD && one.name.value === 'nodes');
  return Number(first.value) * (isConnection ? inside : 1 + inside);
}

/** Points that an answer did use. */
export function actualCost(query: string, data: unknown): number {
  return objectsIn(data) - 1 + (/^\s*mutation\b/.test(query) ? MUTATION_COST : 0);
}

function objectsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const parts = Array.isArray(value) ? value : Object.values(value);
  return parts.reduce((sum: number, part) => sum + objectsIn(part), Array.isArray(value) ? 0 : 1);
}

export type BucketOptions = { readonly maximumAvailable: number; readonly restoreRate: number };

/** The bucket of one app at one shop; points come back with time. */
export class CostBucket {
  readonly #options: BucketOptions;
  #available: number;
  #asOf = 0;

  constructor(options: BucketOptions) {
    this.#options = options;
    this.#available = options.maximumAvailable;
  }

  /** Whether there is room for so many points. */
  holds(requested: number, now: number): boolean {
    const { maximumAvailable, restoreRate } = this.#options;
    const restored = (Math.max(0, now - this.#asOf) / 1000) * restoreRate;
    this.#available = Math.min(maximumAvailable, this.#available + restored);
    this.#asOf = Math.max(now, this.#asOf);
    return requested <= this.#available;
  }

  take(points: number): void {
    this.#available -= points;
  }

  status(requestedQueryCost: number, actualQueryCost: number | null): Cost {
    const { maximumAvailable, restoreRate } = this.#options;
    const currentlyAvailable = Math.floor(this.#available);
    return {
      requestedQueryCost,
      actualQueryCost,
      throttleStatus: { maximumAvailable, currentlyAvailable, restoreRate },
    };
  }
}
