import type { Json } from './under-test.ts';

/** The values in a message, each with its way from the top. */
export type Leaf = { readonly path: string; readonly value: Json };

/** Every member of every object and list, innermost included; `inner` false leaves out those that have members. */
export function members(body: Json, { inner = true } = {}, path = ''): Leaf[] {
  if (typeof body !== 'object' || body === null) return path === '' ? [] : [{ path, value: body }];
  const below = Object.entries(body).flatMap(([name, value]) =>
    members(value, { inner }, path === '' ? name : `${path}.${name}`),
  );
  return inner && path !== '' ? [{ path, value: body }, ...below] : below;
}

/** The message with another value at a path; undefined takes the member away. */
export function changedAt(body: Json, path: string, value: Json | undefined): Json {
  const copy = structuredClone(body) as Record<string, Json>;
  const names = path.split('.');
  const last = names.pop() as string;
  const holder = names.reduce<Record<string, Json>>((at, name) => at[name] as Record<string, Json>, copy);
  if (value !== undefined) holder[last] = value;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return copy;
}

export function valueAt(body: Json, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((at, name) => (at as Record<string, Json> | undefined)?.[name], body);
}
