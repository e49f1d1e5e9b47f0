import { expect } from 'vitest';
import type { Answer, Exchange } from '../tape.ts';

/** Bricks of tapes of the Admin GraphQL API. */

export const TARGET = { connector: 'shopify', account: 'main' };
export const ORDER = 'gid://shopify/Order/5001';
export const LINE = 'gid://shopify/LineItem/50011';

/** A call of the Admin GraphQL API; the document must hold all of the texts. */
export function call(name: string, document: string, variables: object, data: object | null): Exchange {
  return {
    name,
    request: {
      path: '/admin/api/2026-07/graphql.json',
      headers: { 'x-shopify-access-token': 'shpat_test', 'content-type': 'application/json' },
      body: { query: expect.stringContaining(document), variables },
    },
    answer: { body: { data } },
  };
}

export const errors = (code: string, data: object | null = null): Answer => ({
  body: { data, errors: [{ message: `told as ${code}`, extensions: { code } }] },
});
export const userErrors = (message: string) => [{ field: ['input'], message }];

/** The same tape, its last answer another one. */
export const ending = (tape: readonly Exchange[], answer: Answer): Exchange[] =>
  tape.map((exchange, index) => (index === tape.length - 1 ? { ...exchange, answer } : exchange));
