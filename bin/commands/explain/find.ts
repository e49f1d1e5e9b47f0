import { OPERATION_KINDS } from '#core/operations/operation.ts';
import { orderKey } from '#core/orders/order.ts';
import { returnKey } from '#core/returns/return.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { type Chapter, holding, refundOfReturn, type StoryPorts } from './story.ts';

export type FindPorts = StoryPorts & {
  /** Keys of subjects that somebody else knows by this id: order and ERP numbers, RMAs, tracking numbers, refund ids. */
  subjectsOf(foreignId: string): Promise<string[]>;
  /** What a delivery was about. */
  delivered(mailbox: string, deliveryId: string): Promise<string | undefined>;
  /** What a delivery that is parked or put off is about, as its open case says. */
  parked(deliveryId: string): Promise<string | undefined>;
  /** Accounts that may have given out the id. */
  readonly accounts: readonly { readonly connector: string; readonly account: string }[];
};

const KEY = /^[A-Z]+#.+/;

/**
 * Keys of the subjects that an id of any kind may mean: an aggregate's key, an operation's, an event's, the channel's or the
 * platform's own id, a number that people use, a delivery. Several where accounts use the same id.
 */
export async function find(ports: FindPorts, id: string): Promise<string[]> {
  if (KEY.test(id)) return present(ports, [id, id.replace(/\/\d+$/, '')]);
  if (OPERATION_KINDS.some((kind) => id.startsWith(`${kind}/`))) {
    const operation = await ports.operation(id);
    return operation ? [operation.subject] : [];
  }
  const found = await Promise.all([
    present(ports, ownIds(ports, id)),
    ports.subjectsOf(id),
    id.startsWith('#') ? [] : ports.subjectsOf(`#${id}`),
    refundsNamed(ports, id),
    deliveries(ports, id),
  ]);
  return outermost(ports, [...new Set(found.flat())]);
}

/** An ERP numbers each kind of document by itself: "1" may be an order and its own return, and the order's story has both. */
async function outermost(ports: FindPorts, keys: readonly string[]): Promise<string[]> {
  if (keys.length < 2) return [...keys];
  const chapters = await Promise.all(keys.map((key) => ports.chapter(key)));
  return keys.filter((_key, index) => {
    const chapter = chapters[index];
    return chapter === undefined || !holding(chapter).some((holder) => keys.includes(holder));
  });
}

/** Keys that accounts of this stage would make of the id. */
const ownIds = ({ accounts }: FindPorts, id: string): string[] =>
  accounts.flatMap(({ connector, account }) => [
    orderKey({ channel: connector, account, orderId: id }),
    returnKey({ platform: connector, account, returnId: id }),
  ]);

async function present(ports: FindPorts, keys: readonly string[]): Promise<string[]> {
  const chapters = await Promise.all([...new Set(keys)].map((key) => ports.chapter(key)));
  return chapters.filter((one): one is Chapter => one !== undefined).map(({ key }) => key);
}

/** A refund is called `<platform>.<account>.<return id>`, or `<channel>-<the channel's refund id>`. */
async function refundsNamed(ports: FindPorts, id: string): Promise<string[]> {
  const [platform, account, ...rest] = id.split('.');
  const own =
    platform && account && rest.length > 0
      ? await ports.chapter(returnKey({ platform, account, returnId: rest.join('.') }))
      : undefined;
  const channel = ports.accounts.find(({ connector }) => id.startsWith(`${connector}-`));
  const byChannel = channel ? await ports.subjectsOf(id.slice(channel.connector.length + 1)) : [];
  return [...(own ? refundOfReturn(own.state as OpenReturn) : []), ...byChannel];
}

async function deliveries(ports: FindPorts, id: string): Promise<string[]> {
  const subjects = await Promise.all(
    ports.accounts.map(({ connector, account }) => ports.delivered(`${connector}#${account}`, id)),
  );
  const taken = subjects.filter((one) => one !== undefined);
  const waiting = taken.length === 0 ? await ports.parked(id) : undefined;
  return waiting === undefined ? taken : [waiting];
}
