import { Option } from 'commander';
import { connectors, MESSAGE_KINDS, type MessageKind, type RegisteredConnector } from '#connectors/registry.ts';
import { clock } from '#platform/handlers/on-aws.ts';
import { readBytes, readHeaders, readSecrets } from './connectors/files.ts';
import { type Tried, tryMessage } from './connectors/try.ts';
import { CliError, type Report, table } from './report.ts';
import { onMachine, verb } from './verb.ts';

export const connectorsList = verb('list', 'The partners that Crossdock can talk to.', [
  'crossdock connectors list --json',
]).action(
  onMachine(async () => {
    const manifests = Object.values(connectors).map(({ manifest }) => manifest);
    const rows = manifests.map(({ id, label, kind, webhook, operations, reads = [] }) => [
      id,
      label,
      kind,
      webhook && `POST /webhooks/${webhook.path}/{account}`,
      Object.keys(operations).join(', '),
      reads.join(', '),
    ]);
    return { json: manifests, text: table(['id', 'name', 'kind', 'webhooks', 'operations', 'reads'], rows) };
  }),
);

export const connectorsShow = verb('show <name>', 'What a connector declares: webhooks, secrets, operations, limits.', [
  'crossdock connectors show shopify',
]).action(
  onMachine(async (_common, _options, name: string) => {
    const { manifest, topics } = connectorOf(name);
    const { secrets, operations, webhook, limits, ...rest } = manifest;
    const rows = [
      ...Object.entries({ ...rest, ...webhook, ...limits }).map(([field, value]) => [field, plain(value)]),
      ...Object.entries(topics ?? {}).map(([kind, topic]) => [`message: ${kind}`, topic]),
      ...Object.entries(secrets).map(([part, need]) => [`secret: ${part}`, need]),
      ...Object.entries(operations).map(([kind, probe]) => [`operation: ${kind}`, `probe: ${plain(probe)}`]),
    ];
    return { json: { ...manifest, topics: topics ?? {} }, text: table(['what', 'value'], rows) };
  }),
);

const plain = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([name, one]) => (Array.isArray(value) ? String(one) : `${name} ${String(one)}`))
        .join(', ')
    : String(value);

export const connectorsTry = verb(
  'try <name>',
  'What a message would become: the canonical result as JSON, or what is wrong with it and where. Needs no AWS, writes nothing.',
  [
    'crossdock connectors try shopify --kind order --file order.json',
    'crossdock connectors try shopify --kind order --topic orders/cancelled --file order.json --headers headers.json',
    'crossdock connectors try generic --kind return --file received.json',
  ],
)
  .addOption(new Option('--kind <kind>', 'what the message is').choices([...MESSAGE_KINDS]).makeOptionMandatory())
  .requiredOption('--file <file>', 'its body, byte for byte')
  .option('--headers <file>', 'its headers: a JSON object, or lines "Name: value"')
  .option('--topic <topic>', "what the sender calls it; else the headers', else the usual one of the kind")
  .option('--now <time>', 'when it came: ISO 8601 or seconds since 1970; now when left out')
  .action(
    onMachine(async (_common, options, name: string) => {
      const connector = connectorOf(name);
      const kind = options.kind as MessageKind;
      const usual = connector.topics?.[kind];
      if (usual === undefined) {
        const kinds = Object.keys(connector.topics ?? {}).join(', ') || 'none';
        throw new CliError(2, `${name} takes no message of kind ${kind}: it takes ${kinds}`);
      }
      const headers = typeof options.headers === 'string' ? readHeaders(options.headers) : {};
      const body = readBytes('--file', String(options.file));
      const receivedAt = new Date(instant(options.now) * 1000).toISOString();
      const topic = typeof options.topic === 'string' ? options.topic : (headers['x-shopify-topic'] ?? usual);
      return tried(tryMessage(connector, kind, topic, { headers, body, receivedAt }));
    }),
  );

function tried(result: Tried): Report {
  if (result.kind !== 'refused') return { json: result, text: JSON.stringify(result, null, 2) };
  const { kind: _kind, ...error } = result;
  return { json: { error }, text: `${error.code}: ${error.message}`, exit: 1 };
}

export const connectorsVerify = verb('verify <name>', 'Whether a message is authentic, and why not. Needs no AWS.', [
  'crossdock connectors verify shopify --headers headers.txt --body body.json --secret-file secret.txt',
  'crossdock connectors verify generic --headers headers.json --body body.json --secret-file secret.json --now 1614265330',
])
  .requiredOption('--headers <file>', 'its headers: a JSON object, or lines "Name: value"')
  .requiredOption('--body <file>', 'its body, byte for byte')
  .requiredOption('--secret-file <file>', "the account's secret as JSON, or one active secret a line")
  .option('--now <time>', 'the time to judge by: ISO 8601 or seconds since 1970; now when left out')
  .action(
    onMachine(async (_common, options, name: string) => {
      const { verifier } = connectorOf(name);
      if (!verifier) throw new CliError(2, `${name} sends no webhooks: there is nothing to verify`);
      const message = {
        headers: readHeaders(String(options.headers)),
        body: readBytes('--body', String(options.body)),
      };
      const secrets = readSecrets(String(options.secretFile));
      const result = verifier.verify(message, secrets, instant(options.now));
      const text = result.authentic
        ? `authentic: delivery ${result.deliveryId}, topic ${result.topic}`
        : `not authentic: ${result.code}: ${result.why}`;
      return { json: result, text, exit: result.authentic ? 0 : 1 };
    }),
  );

function connectorOf(name: string): RegisteredConnector {
  const found = Object.hasOwn(connectors, name) ? connectors[name] : undefined;
  if (found) return found;
  throw new CliError(1, `there is no connector "${name}": name one of ${Object.keys(connectors).join(', ')}`);
}

/** Seconds since 1970. */
function instant(given: unknown): number {
  if (given === undefined) return Math.floor(Date.parse(clock.now()) / 1000);
  const text = String(given);
  const seconds = /^\d{1,11}$/.test(text) ? Number(text) : Math.floor(Date.parse(text) / 1000);
  if (Number.isFinite(seconds)) return seconds;
  throw new CliError(2, `--now ${text} is no time: give ISO 8601 such as 2026-11-25T10:00:00Z, or seconds since 1970`);
}
