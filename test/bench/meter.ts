import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ConsumedCapacity, consumedUnits, type Item, itemBytes, readUnits, writeUnits } from './capacity.ts';
import { chunksOf } from './prices.ts';

/** One call that a function made to AWS. */
export type MeteredCall = {
  readonly functionId: string;
  /** `DynamoDB.TransactWriteItems` */
  readonly operation: string;
  /** As the engine says: tables and their indexes. */
  readonly writeUnits: number;
  /** Of the rows in the request alone, by our own reckoning: a check on the engine's. */
  readonly rowUnits: number;
  readonly readUnits: number;
  /** What SQS or EventBridge count: messages or events of 64 KB. A batch of messages is one request. */
  readonly chunks: number;
};

export type Meter = {
  readonly calls: readonly MeteredCall[];
  /** Where a function finds AWS, so that its calls are known for its own. */
  urlFor(functionId: string): Promise<string>;
  close(): Promise<void>;
};

/**
 * Stands between functions and the engine, passes everything on, and writes down what has a price. DynamoDB is asked for the
 * capacity that a request takes, which changes nothing else of its answer.
 */
export function openMeter(engine: string): Meter {
  const calls: MeteredCall[] = [];
  const agent = new Agent({ keepAlive: true });
  const servers: ReturnType<typeof createServer>[] = [];
  return {
    calls,
    async urlFor(functionId) {
      const server = createServer((request, response) => {
        pass(engine, agent, request, response)
          .then((exchange) => void calls.push(metered(functionId, exchange)))
          .catch(() => response.destroy());
      });
      servers.push(server);
      await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async close() {
      agent.destroy();
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((closed) => server.close(closed));
      }
    },
  };
}

type Json = Readonly<Record<string, unknown>>;
type Exchange = { readonly operation: string; readonly asked: Json; readonly answered: Json };

async function pass(
  engine: string,
  agent: Agent,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Exchange> {
  const target = request.headers['x-amz-target'];
  const raw = await bytes(request);
  // Of the services that functions call, only S3 does not speak JSON.
  const asked = target === undefined ? {} : (JSON.parse(raw.toString()) as Json);
  const operation = String(target ?? `S3.${request.method}`).replace(/_\d+\./, '.');
  const dynamo = operation.startsWith('DynamoDB.');
  const body = dynamo ? Buffer.from(JSON.stringify({ ...asked, ReturnConsumedCapacity: 'INDEXES' })) : raw;
  const answer = await forward(new URL(request.url ?? '/', engine), agent, request, body);
  const text = await bytes(answer);
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  response.end(text);
  return { operation, asked, answered: dynamo ? (JSON.parse(text.toString()) as Json) : {} };
}

function forward(url: URL, agent: Agent, { method, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
  return new Promise((answered, failed) => {
    const changed = { ...headers, host: url.host, 'content-length': String(body.byteLength) };
    const onward = httpRequest(url, { method, headers: changed, agent }, answered);
    onward.on('error', failed);
    onward.end(body);
  });
}

async function bytes(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

const READS = /^DynamoDB\.(Get|BatchGet|TransactGet)Items?$|^DynamoDB\.Query$/;

function metered(functionId: string, { operation, asked, answered }: Exchange): MeteredCall {
  const dynamo = operation.startsWith('DynamoDB.');
  const reads = READS.test(operation);
  const writes = dynamo && !reads;
  return {
    functionId,
    operation,
    writeUnits: writes ? consumedUnits(answered.ConsumedCapacity as ConsumedCapacity | undefined) : 0,
    rowUnits: writes ? unitsOfRows(asked) : 0,
    readUnits: reads ? unitsOfRead(asked, answered) : 0,
    chunks: dynamo ? 0 : chunksIn(asked),
  };
}

type Write = { readonly Item?: Item };

function unitsOfRows({
  Item: item,
  TransactItems,
}: {
  Item?: Item;
  TransactItems?: readonly { Put?: Write }[];
}): number {
  if (item) return writeUnits(itemBytes(item), false);
  const rows = (TransactItems ?? []).flatMap(({ Put }) => (Put?.Item ? [Put.Item] : []));
  return rows.reduce((sum, row) => sum + writeUnits(itemBytes(row), true), 0);
}

/** The engine takes every row for a small one, so a read is reckoned here, by what came back. */
function unitsOfRead(
  { ConsistentRead = false }: { ConsistentRead?: boolean },
  { Item: item, Items = [] }: { Item?: Item; Items?: readonly Item[] },
): number {
  const size = [item ?? [], Items].flat().reduce((sum, row) => sum + itemBytes(row as Item), 0);
  return readUnits(size, ConsistentRead);
}

type Payload = { readonly MessageBody?: string; readonly Detail?: string };

/** A batch of messages is counted as a whole, each event of a call for itself. */
function chunksIn({ MessageBody, Entries = [] }: { MessageBody?: string; Entries?: readonly Payload[] }): number {
  const size = (text = ''): number => Buffer.byteLength(text);
  if (Entries.some(({ Detail }) => Detail !== undefined)) {
    return Entries.reduce((sum, { Detail }) => sum + chunksOf(size(Detail)), 0);
  }
  return chunksOf(size(MessageBody) + Entries.reduce((sum, entry) => sum + size(entry.MessageBody), 0));
}
