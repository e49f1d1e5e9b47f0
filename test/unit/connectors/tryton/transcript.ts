import { readFileSync } from 'node:fs';

type Exchange = {
  readonly name: string;
  readonly request: { readonly body: { readonly method: string; readonly params: readonly unknown[] } };
  readonly response: { readonly status: number; readonly body: Record<string, unknown> };
};

const file = new URL('./fixtures/tryton-6.0-jsonrpc.json', import.meta.url);
const { exchanges } = JSON.parse(readFileSync(file, 'utf8')) as { exchanges: readonly Exchange[] };

/** A recorded answer of a real server, as it came over HTTP. */
export function exchange(name: string): { status: number; body: string; request: Exchange['request']['body'] } {
  const found = exchanges.find((one) => one.name === name);
  if (!found) throw new Error(`the transcript has no exchange "${name}"`);
  const { status, body } = found.response;
  return {
    status,
    body: typeof body.html === 'string' ? body.html : JSON.stringify(body),
    request: found.request.body,
  };
}
