import { GraphQLError, type GraphQLResolveInfo, type StringValueNode } from 'graphql';

const RETENTION_MS = 24 * 60 * 60 * 1000;

/**
 * Shopify's `@idempotent(key:)` (https://shopify.dev/docs/api/usage/implementing-idempotency): for 24 hours the same key
 * with the same input gives what the first call gave, and does nothing; with other input it is refused. A mutation that
 * needs a key and has none fails as a whole.
 */
export class IdempotencyKeys {
  readonly #known = new Map<string, { readonly input: string; readonly result: unknown; readonly at: number }>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  once<T>(info: GraphQLResolveInfo, input: unknown, work: () => T): T | 'mismatch' {
    const name = `${info.fieldName} ${keyOf(info)}`;
    const at = this.#now().getTime();
    const known = this.#known.get(name);
    const text = JSON.stringify(input);
    if (known && at - known.at < RETENTION_MS) return known.input === text ? (known.result as T) : 'mismatch';
    const result = work();
    this.#known.set(name, { input: text, result, at });
    return result;
  }
}

/** UserError has no code for it: it is known by its words. */
export const KEY_MISMATCH = {
  field: null,
  message: 'The same idempotency key cannot be used with different operation parameters.',
};

function keyOf({ fieldNodes, variableValues }: GraphQLResolveInfo): string {
  const directive = fieldNodes[0]?.directives?.find(({ name }) => name.value === 'idempotent');
  const value = directive?.arguments?.find(({ name }) => name.value === 'key')?.value;
  if (!value) {
    throw new GraphQLError('The @idempotent directive is required for this mutation but was not provided.', {
      extensions: { code: 'BAD_REQUEST' },
    });
  }
  return value.kind === 'Variable' ? String(variableValues[value.name.value]) : (value as StringValueNode).value;
}
