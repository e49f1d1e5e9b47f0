import { PoisonError } from '#core/kernel/errors.ts';
import type { Cause } from '../aggregate.ts';
import type { RawMessage, Translator } from '../ports/connector.ts';
import type { Faults, Log } from '../ports/runtime.ts';
import type { InboxMark, Store } from '../ports/store.ts';
import type { InboundCommand } from './inbound.ts';

/** A message off an intake queue: authentic when it was queued. */
export type Delivery = {
  readonly message: RawMessage;
  readonly deliveryId: string;
  readonly topic: string;
  readonly cause: Cause;
  /** Where the raw body lies, when it was too large for the queue. */
  readonly rawRef?: string;
};

/** What became of one command. */
export type Taken = {
  readonly kind: 'committed' | 'ignored' | 'seen';
  readonly subject: string;
  readonly why?: string;
};

/** Does what a command asks and commits it, with the inbox mark if one is given. Throws PoisonError for a refusal. */
export type Taker<K extends InboundCommand['kind']> = (
  command: Extract<InboundCommand, { kind: K }>,
  cause: Cause,
  inbox: InboxMark | undefined,
) => Promise<Taken>;

export type Takers = { readonly [K in InboundCommand['kind']]?: Taker<K> };

export type IntakePorts = {
  readonly store: Store;
  readonly translator: Translator;
  /** By kind of command; a partner that never sends a kind needs no taker for it in its bundle. */
  readonly takers: Takers;
  readonly faults: Faults;
  readonly log: Log;
};

/**
 * Takes one message: translate, decide, commit. The inbox mark goes into the transaction of the message's last command,
 * so that a crash in the middle repeats the message; deciders ignore what they have seen.
 *
 * Throws PoisonError for what can't be understood and for what the core refuses: both are parked in front of a person.
 */
export async function takeMessage(ports: IntakePorts, delivery: Delivery): Promise<Taken[]> {
  const { message, deliveryId, topic, cause } = delivery;
  const translation = ports.translator.translate(message, topic);
  const mark: InboxMark = {
    mailbox: `${message.connector}#${message.account}`,
    deliveryId,
    outcome: 'applied',
    receivedAt: message.receivedAt,
    ...(delivery.rawRef !== undefined && { rawRef: delivery.rawRef }),
  };
  await ports.faults.at('intake:before-commit', deliveryId);
  const taken =
    translation.kind === 'ignored'
      ? [await markIgnored(ports.store, mark, translation.why, cause)]
      : await takeAll(ports.takers, translation.commands, cause, mark);
  await ports.faults.at('intake:after-commit', deliveryId);
  for (const { kind, subject, why } of taken) ports.log.info(`message ${kind}`, { topic, subject, why, deliveryId });
  return taken;
}

async function markIgnored(store: Store, mark: InboxMark, why: string, cause: Cause): Promise<Taken> {
  const { kind } = await store.commit({ now: cause.now, aggregates: [], inbox: { ...mark, outcome: 'ignored', why } });
  return { kind: kind === 'seen' ? 'seen' : 'ignored', subject: mark.mailbox, why };
}

async function takeAll(
  takers: Takers,
  commands: readonly InboundCommand[],
  cause: Cause,
  mark: InboxMark,
): Promise<Taken[]> {
  const taken: Taken[] = [];
  for (const [index, command] of commands.entries()) {
    const taker = takers[command.kind] as Taker<typeof command.kind> | undefined;
    if (!taker) throw new PoisonError('COMMAND_NOT_TAKEN', `${mark.mailbox} is not set up to send a ${command.kind}`);
    taken.push(await taker(command as never, cause, index === commands.length - 1 ? mark : undefined));
  }
  return taken;
}
