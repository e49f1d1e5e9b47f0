import { reasonSource } from '#core/returns/reasons/catalogue.ts';
import {
  type DriftCommand,
  type DriftEvent,
  type DriftState,
  driftDecider,
  driftKey,
  driftReactions,
} from '#core/returns/reasons/drift.ts';
import type { ReasonChange } from '#core/returns/reasons/history.ts';
import { normalCode } from '#core/returns/reasons.ts';
import { parseReturnKey } from '#core/returns/return.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { type AggregateDefinition, type Cause, type Handled, handle } from '../aggregate.ts';
import type { PublishableEvent } from '../ports/publisher.ts';
import type { Store } from '../ports/store.ts';

export const driftAggregate: AggregateDefinition<DriftState, DriftCommand, DriftEvent> = {
  decider: driftDecider,
  react: driftReactions,
  // What it means for people is told by its cases.
  publish: () => undefined,
  foreignId: () => undefined,
  origin: (key) => {
    const [, channel, account] = key.split('#');
    return { ...(channel && { channel }), ...(account && { account }) };
  },
};

/**
 * Counts the codes of a return that no map knows, when it is asked for, and counts them off when a later map reads them.
 * Each event is counted once: its id goes into the inbox with the count.
 */
export async function countReasons(
  store: Store,
  { type, envelope }: Pick<PublishableEvent, 'type' | 'envelope'>,
  cause: Cause,
): Promise<Handled<DriftState> | undefined> {
  const { subject, id } = envelope.metadata;
  const codes = await codesOf(store, type, subject, envelope.data);
  if (codes.unmapped.length + codes.mapped.length === 0) return undefined;
  const source = reasonSource(parseReturnKey(subject));
  const key = driftKey(source);
  const inbox = { mailbox: key, deliveryId: id, outcome: 'applied', receivedAt: cause.now, subject: key } as const;
  return handle(store, driftAggregate, key, { type: 'count-reasons', source, ...codes }, cause, { inbox });
}

type Codes = { readonly unmapped: readonly string[]; readonly mapped: readonly string[] };
const NONE: Codes = { unmapped: [], mapped: [] };

async function codesOf(store: Store, type: string, returnKey: string, data: unknown): Promise<Codes> {
  if (type === 'return.reason-renormalized.v1') {
    const { changes } = data as { readonly changes: readonly ReasonChange[] };
    return {
      unmapped: changes.filter(({ after }) => after === undefined).map(({ given }) => normalCode(given)),
      mapped: changes.filter(({ before }) => before === undefined).map(({ given }) => normalCode(given)),
    };
  }
  // A person's decision comes later, on a request that was counted before.
  if ((data as { readonly decidedBy?: string }).decidedBy !== 'policy') return NONE;
  const state = (await store.load<OpenReturn>(returnKey))?.state;
  if (!state) throw new Error(`${returnKey} was told of and is not there: was the table restored from a backup?`);
  const lines = state.authorization.lines.filter(({ reason }) => reason.canonical === undefined);
  return { unmapped: lines.map(({ reason }) => normalCode(reason.given)), mapped: [] };
}
