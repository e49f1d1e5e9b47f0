/**
 * What a state machine must have so that nothing stays stuck or unseen in it, and nothing personal goes through it. Works on
 * any definition in Amazon States Language.
 */

type State = Readonly<Record<string, unknown>> & { readonly Type?: string };
type Catcher = { readonly ErrorEquals?: readonly string[] };

/** What a payload may be made of: a key of ours, a step's name and patience, a token, and where to send them. */
const PAYLOAD_FIELDS = new Set([
  ...['QueueUrl', 'MessageBody', 'FunctionName', 'Payload'],
  ...['taskToken', 'returnKey', 'step', 'patienceSeconds', 'at', 'error'],
]);

/** Every fault of a definition, each naming its state. */
export function aslFaults(definition: { readonly TimeoutSeconds?: unknown; readonly States?: unknown }): string[] {
  const states = Object.entries((definition.States ?? {}) as Record<string, State>);
  return [
    ...(definition.TimeoutSeconds === undefined ? ['the machine has no TimeoutSeconds: give it one'] : []),
    ...states.flatMap(([name, state]) => stateFaults(state).map((fault) => `state ${name} ${fault}`)),
  ];
}

function stateFaults(state: State): string[] {
  if (state.Type === 'Map' || state.Type === 'Parallel')
    return ['is a container: teach aslFaults to look into it first'];
  if (state.Type === 'Choice' && state.Default === undefined)
    return ['has no Default: an unforeseen value would end the run'];
  return state.Type === 'Task' ? [...taskFaults(state), ...payloadFaults(state.Parameters)] : [];
}

function taskFaults(state: State): string[] {
  const catchers = (state.Catch ?? []) as readonly Catcher[];
  const caught = new Set(catchers.flatMap(({ ErrorEquals }) => ErrorEquals ?? []));
  const waits = String(state.Resource).endsWith('.waitForTaskToken');
  return [
    ...(state.TimeoutSeconds === undefined ? ['has no TimeoutSeconds'] : []),
    ...(state.Retry === undefined ? ['has no Retry'] : []),
    ...(caught.has('States.ALL') ? [] : ['does not catch States.ALL']),
    ...(waits && state.HeartbeatSeconds === undefined ? ['waits without HeartbeatSeconds'] : []),
    // Engines disagree on the name under which a missed heartbeat comes.
    ...['States.Timeout', 'States.HeartbeatTimeout']
      .filter((error) => waits && !caught.has(error))
      .map((error) => `waits and does not catch ${error} by name`),
  ];
}

function payloadFaults(parameters: unknown): string[] {
  if (parameters === undefined) return ['passes its whole input on: name the parameters'];
  return fieldNames(parameters)
    .filter((name) => !PAYLOAD_FIELDS.has(name))
    .map((name) => `passes "${name}": payloads hold keys and step names only`);
}

function fieldNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name.replace(/\.\$$/, ''), ...fieldNames(inner)]);
}
