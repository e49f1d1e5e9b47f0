import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListedSettlement, SettlementSource } from '#application/ports/settlement-files.ts';
import type { SettlementPart } from '#application/ports/settlements.ts';
import { settlementFormats } from '#connectors/settlements/registry.ts';
import { type OpenPayouts, openPayouts } from '../../integration/shopify/payouts-support.ts';

/** A channel that can be asked for its settlements, over the wire. */
type Channel = {
  readonly source: SettlementSource;
  /** Orders of 20.00 of which the channel keeps 0.30; a day in November 2026. */
  issue(settlementId: string, day: number, orders?: number, standing?: 'closed' | 'open'): void;
  /** The next so many calls are answered so. */
  trouble(kind: 'away' | 'busy', times: number): void;
  refuseUs(): void;
  close(): Promise<void>;
};

const CHANNELS = [{ name: 'shopify', open: shopify }];

describe.each(CHANNELS)('settlements of $name', ({ open }) => {
  let channel: Channel;
  beforeEach(async () => {
    channel = await open();
  });
  afterEach(() => channel.close());

  const since = (day: number) => `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z`;
  const list = (from: string, signal = new AbortController().signal) => all(channel.source.list(from, signal));
  const fetchOf = (id: string, signal = new AbortController().signal) => channel.source.fetch(id, signal);
  const ids = (listed: readonly ListedSettlement[]) => listed.map(({ settlementId }) => settlementId);

  it('are listed from an instant on, it included, the oldest first, with what may still change told apart', async () => {
    channel.issue('3', 22, 1, 'open');
    channel.issue('1', 19);
    channel.issue('2', 20);
    const found = await list(since(20));
    expect(found).toMatchObject([
      { settlementId: '2', standing: 'closed' },
      { settlementId: '3', standing: 'open' },
    ]);
    expect(ids(await list(found[0]?.issuedAt ?? ''))).toEqual(['2', '3']);
    for (const { issuedAt } of found) expect(new Date(issuedAt).toISOString()).toBe(issuedAt);
  });

  it('are listed to the last page', async () => {
    for (let number = 1; number <= 230; number++) channel.issue(String(number), 20);
    expect(new Set(ids(await list(since(1)))).size).toBe(230);
  });

  it('are files that the reader of their format takes whole, however many pages they have', async () => {
    channel.issue('88', 20, 250);
    channel.issue('89', 20);
    const bytes = await fetchOf('88');
    const format = settlementFormats[channel.source.format];
    if (!format) throw new Error(`"${channel.source.format}" is no format`);
    const parts: SettlementPart[] = await all(format.read(only(bytes), { account: 'main', timeZone: 'UTC' }));
    const header = parts.find((part) => part.kind === 'header')?.header;
    expect(header).toMatchObject({ id: { settlementId: '88' }, announced: 250 * 1_970, depositDate: '2026-11-20' });
    expect(parts.flatMap((part) => (part.kind === 'lines' ? part.lines : []))).toHaveLength(500);
  });

  it('are the same file as long as they are the same', async () => {
    channel.issue('88', 20, 120);
    expect(Buffer.from(await fetchOf('88')).equals(Buffer.from(await fetchOf('88')))).toBe(true);
  });

  it('that the channel does not have are parked, not asked for again and again', async () => {
    await expect(fetchOf('404')).rejects.toMatchObject({ kind: 'poison', code: 'SETTLEMENT_GONE' });
  });

  it('wait while the channel is busy, and end with the time of the function, to be asked for again', async () => {
    channel.issue('88', 20, 150);
    channel.trouble('busy', 1);
    await fetchOf('88');
    channel.trouble('busy', 9);
    const late = fetchOf('88', AbortSignal.timeout(300));
    await expect(late).rejects.toMatchObject({ kind: 'transient', code: 'OUT_OF_TIME' });
  });

  it('of a channel that is away are asked for later; of one that refuses us, by a person', async () => {
    channel.trouble('away', 1);
    await expect(list(since(1))).rejects.toMatchObject({ kind: 'transient', name: 'TransientError' });
    channel.refuseUs();
    await expect(list(since(1))).rejects.toMatchObject({ name: expect.stringContaining('ConfigurationError') });
    await expect(fetchOf('88')).rejects.toMatchObject({ name: expect.stringContaining('ConfigurationError') });
  });
});

async function shopify(): Promise<Channel> {
  const payouts: OpenPayouts = await openPayouts();
  let source = payouts.connect();
  return {
    get source() {
      return source;
    },
    issue: (id, day, orders = 1, standing = 'closed') =>
      payouts.issue(id, {
        issuedAt: `2026-11-${String(day).padStart(2, '0')}T05:00:00Z`,
        status: standing === 'open' ? 'SCHEDULED' : 'PAID',
        transactions: Array.from({ length: orders }, (_, at) => payouts.charge(at)),
      }),
    trouble: (kind, times) =>
      payouts.server.fault({ operation: '*', kind: kind === 'away' ? 'unavailable' : 'throttle', times }),
    refuseUs: () => {
      source = payouts.connect('shpat_expired');
    },
    close: () => payouts.server.close(),
  };
}

async function all<T>(given: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of given) found.push(one);
  return found;
}

async function* only(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
