import type { Tryton } from '../../../bin/local/erp/tryton.ts';

interface Answer {
  result?: unknown;
  error?: [string, unknown];
}

/** Just enough of Tryton's JSON-RPC to look at a server: a login, and calls of a model's methods. */
export async function loginTo(tryton: Tryton, user: string, password: string) {
  const post = async (method: string, params: unknown[], authorization?: string): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) };
    const body = JSON.stringify({ id: 1, method, params });
    const response = await fetch(`${tryton.url}/${tryton.database}/`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const { error, result } = (await response.json()) as Answer;
    if (error) throw new Error(JSON.stringify(error));
    return result;
  };
  const login = (await post('common.db.login', [user, { password }])) as [number, string] | null;
  if (!login) throw new Error(`login refused for ${user}`);
  const session = `Session ${Buffer.from(`${user}:${login[0]}:${login[1]}`).toString('base64')}`;
  const context = await post('model.res.user.get_preferences', [true, {}], session);
  return {
    call: <T>(model: string, method: string, ...params: unknown[]) =>
      post(`model.${model}.${method}`, [...params, context], session) as Promise<T>,
    callWith: <T>(extra: object, model: string, method: string, ...params: unknown[]) =>
      post(`model.${model}.${method}`, [...params, { ...(context as object), ...extra }], session) as Promise<T>,
  };
}
