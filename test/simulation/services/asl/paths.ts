/** How a state reads its input and writes its result: reference paths such as `$.a.b`, and templates made of them. */
import { Fatal } from './failures.ts';

/** The one path into the context object that is simulated. */
export const TOKEN = '$$.Task.Token';

export const isPath = (text: string): boolean => /^\$(\.[A-Za-z_]\w*)*$/.test(text);

/** The same value as if it had gone over the wire, so that nobody changes it under a state's hands. */
export const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

const keysOf = (path: string): string[] => path.split('.').slice(1);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is at a path. Where there is nothing, the execution fails at once: AWS lets nobody catch that. */
export function read(path: string, from: unknown): unknown {
  let value = from;
  for (const key of keysOf(path)) {
    if (!isObject(value) || !Object.hasOwn(value, key)) {
      throw new Fatal('States.Runtime', `the JSONPath '${path}' could not be found in the input`);
    }
    value = value[key];
  }
  return value;
}

/** The template with its paths replaced by what is at them, in the input and (where the state waits) the task's token. */
export function fill(template: unknown, input: unknown, token?: string): unknown {
  if (Array.isArray(template)) return template.map((inner) => fill(inner, input, token));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, inner]) => {
      if (!key.endsWith('.$')) return [key, fill(inner, input, token)];
      const given =
        inner === TOKEN ? read('$.Token', token === undefined ? {} : { Token: token }) : read(`${inner}`, input);
      return [key.slice(0, -2), given];
    }),
  );
}

/** The input with the result at a path; null throws the result away. */
export function place(path: string | null, input: unknown, result: unknown): unknown {
  return path === null ? input : put(keysOf(path), input, result);
}

function put([key, ...rest]: readonly string[], into: unknown, value: unknown): unknown {
  if (key === undefined) return value;
  if (!isObject(into)) throw new Fatal('States.ResultPathMatchFailure', `"${key}" can't be set in what is no object`);
  return { ...into, [key]: put(rest, into[key] ?? {}, value) };
}
