import type { JournalRow } from '#application/relay/relay-journal.ts';
import type { Case } from '#core/cases/case.ts';
import type { OpenClaim } from '#core/claims/claim.ts';
import type { Operation } from '#core/operations/operation.ts';
import { parseOrderKey } from '#core/orders/order.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import { type OpenRefund, refundKey } from '#core/refunds/refund.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import type { OpenSettlement } from '#core/settlements/state.ts';

/** One subject as it lies in the tables: all but personal data, which is never read here. */
export type Chapter = {
  /** `ORDER#shopify#main#5001` */
  readonly key: string;
  /** Missing for a subject that is no aggregate: a partner account, an intake queue. */
  readonly state?: unknown;
  readonly version?: number;
  /** Oldest first. */
  readonly journal: readonly JournalRow[];
  readonly cases: readonly Case[];
  readonly timers: readonly { readonly name: string; readonly dueAt: string }[];
  /** Steps of the workflow that wait, each looked at again at `checkAt`. */
  readonly waits: readonly { readonly step: string; readonly since: string; readonly checkAt: string }[];
  /** Until when a partner account asked us not to call. */
  readonly pausedUntil?: string;
};

/** What was asked for and all that hangs on it, the subject itself first. */
export type Story = {
  readonly chapters: readonly [Chapter, ...Chapter[]];
  readonly operations: readonly Operation[];
  /** Keys of what the subject is a part of, and which is not told here. */
  readonly partOf: readonly string[];
};

export type StoryPorts = {
  /** Undefined when the tables hold nothing under the key. */
  chapter(key: string): Promise<Chapter | undefined>;
  operation(key: string): Promise<Operation | undefined>;
};

/** Gathers a story: of an order with its returns and refunds, of a return with its refund. Undefined when there is none. */
export async function gather(ports: StoryPorts, key: string): Promise<Story | undefined> {
  const first = await ports.chapter(key);
  if (!first) return undefined;
  const below = await Promise.all(hangingOn(first).map((one) => ports.chapter(one)));
  const chapters: Story['chapters'] = [first, ...below.filter((one) => one !== undefined)];
  const keys = new Set(
    chapters.flatMap(({ journal }) => journal.flatMap((row) => row.operations.map((one) => one.key))),
  );
  const operations = await Promise.all([...keys].map((one) => ports.operation(one)));
  return { chapters, operations: operations.filter((one) => one !== undefined), partOf: holding(first) };
}

/** The kind of an aggregate key; its state is of the type that the kind has. */
export function stateOf(
  chapter: Chapter,
):
  | { readonly kind: 'order'; readonly state: OpenOrder }
  | { readonly kind: 'return'; readonly state: OpenReturn }
  | { readonly kind: 'refund'; readonly state: OpenRefund }
  | { readonly kind: 'settlement'; readonly state: OpenSettlement }
  | { readonly kind: 'claim'; readonly state: OpenClaim }
  | undefined {
  if (chapter.state === undefined) return undefined;
  const kind = chapter.key.slice(0, chapter.key.indexOf('#'));
  switch (kind) {
    case 'ORDER':
      return { kind: 'order', state: chapter.state as OpenOrder };
    case 'RETURN':
      return { kind: 'return', state: chapter.state as OpenReturn };
    case 'REFUND':
      return { kind: 'refund', state: chapter.state as OpenRefund };
    case 'SETTLEMENT':
      return { kind: 'settlement', state: chapter.state as OpenSettlement };
    case 'CLAIM':
      return { kind: 'claim', state: chapter.state as OpenClaim };
    default:
      return undefined;
  }
}

function hangingOn(chapter: Chapter): string[] {
  const of = stateOf(chapter);
  switch (of?.kind) {
    case 'order':
      return [...of.state.returns, ...of.state.refunds.map(({ refundId }) => refundKey({ ...of.state.id, refundId }))];
    case 'return':
      return refundOfReturn(of.state);
    default:
      return [];
  }
}

export const refundOfReturn = ({ authorization, refund }: OpenReturn): string[] =>
  refund ? [refundKey({ ...parseOrderKey(authorization.orderKey), refundId: refund.refundId })] : [];

/** Keys of what a subject is a part of. */
export function holding(chapter: Chapter): string[] {
  const of = stateOf(chapter);
  switch (of?.kind) {
    case 'return':
      return [of.state.authorization.orderKey];
    case 'refund':
      return [...(of.state.returnKey === undefined ? [] : [of.state.returnKey]), of.state.orderKey];
    default:
      return [];
  }
}
