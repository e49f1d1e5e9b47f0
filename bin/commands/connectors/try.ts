import type { InboundCommand } from '#application/intake/inbound.ts';
import type { RawMessage } from '#application/ports/connector.ts';
import type { MessageKind, RegisteredConnector } from '#connectors/registry.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { orderDecider } from '#core/orders/decider.ts';

/** What a message would become, or what is wrong with it and where. */
export type Tried =
  | { readonly kind: 'commands'; readonly commands: readonly InboundCommand[] }
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly path?: string };

const KINDS: Readonly<Record<InboundCommand['kind'], MessageKind>> = {
  order: 'order',
  'return-progress': 'return',
  'channel-refund': 'refund',
  'channel-fulfillment': 'notification',
  delivery: 'notification',
};

/**
 * Translates a message as intake does, and asks the order's rules about it as if it were the first one. Writes nothing. What
 * depends on what came before (does the order exist, are so many units left) can't be said here.
 */
export function tryMessage(
  { manifest, translator }: RegisteredConnector,
  kind: MessageKind,
  topic: string,
  message: Omit<RawMessage, 'connector' | 'account'>,
): Tried {
  if (!translator) return { kind: 'refused', code: 'NO_WEBHOOKS', message: `${manifest.id} sends no messages` };
  try {
    const translated = translator.translate({ ...message, connector: manifest.id, account: 'main' }, topic);
    if (translated.kind === 'ignored') return translated;
    const other = translated.commands.find((command) => KINDS[command.kind] !== kind);
    if (other) return { kind: 'refused', code: 'OTHER_KIND', message: `it is a message of kind ${KINDS[other.kind]}` };
    return translated.commands.map(refusalOf).find((one) => one !== undefined) ?? translated;
  } catch (error) {
    if (!(error instanceof PoisonError)) throw error;
    const { path } = error.context;
    return {
      kind: 'refused',
      code: error.code,
      message: error.message,
      ...(path !== undefined && { path: String(path) }),
    };
  }
}

function refusalOf(command: InboundCommand): Extract<Tried, { kind: 'refused' }> | undefined {
  if (command.kind !== 'order') return undefined;
  const decision = orderDecider.decide({ type: 'take-channel-order', order: command.order }, orderDecider.initial);
  return decision.kind === 'rejected' ? { kind: 'refused', ...decision.reason } : undefined;
}
