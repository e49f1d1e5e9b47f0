import type { MaintenanceWindow } from '#core/operations/maintenance.ts';
import type {
  Operation,
  OperationKind,
  Outcome,
  ProbeAnswer,
  ProbePolicy,
  Target,
} from '#core/operations/operation.ts';
import type { PersonalData } from '#core/orders/order.ts';
import type { InboundCommand } from '../intake/inbound.ts';

/** A raw message as it came in, byte for byte. */
export type RawMessage = {
  readonly connector: string;
  readonly account: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly receivedAt: string;
};

export type Verification =
  /** `deliveryId` is what a redelivery of the same message repeats. */
  | { readonly authentic: true; readonly deliveryId: string; readonly topic: string }
  | { readonly authentic: false; readonly code: string; readonly why: string };

/** Checks a message's signature on its raw bytes, against each active secret. Pure: `now` is epoch seconds. */
export interface WebhookVerifier {
  verify(message: Pick<RawMessage, 'headers' | 'body'>, secrets: readonly string[], now: number): Verification;
}

export type Translation =
  | { readonly kind: 'commands'; readonly commands: readonly InboundCommand[] }
  /** Authentic, understood, and nothing to do. */
  | { readonly kind: 'ignored'; readonly why: string };

/** Wire → core. Pure. Throws PoisonError with the field's path when the message can't be understood. */
export interface Translator {
  translate(message: RawMessage, topic: string): Translation;
}

export type CallContext = {
  /** Aborted before the function's time ends. */
  readonly signal: AbortSignal;
  readonly now: string;
  /** Personal data of the operation's subject, read when needed. */
  readonly personal: () => Promise<PersonalData | undefined>;
};

/** A partner that operations can be carried out at. */
export interface OperationExecutor {
  /** Times of day at which the partner must not be called. */
  readonly maintenance?: readonly MaintenanceWindow[];
  readonly kinds: readonly OperationKind[];
  probePolicy(kind: OperationKind): ProbePolicy;
  /** Makes the write. Answers; throws only for bugs and for configuration faults. */
  execute(operation: Operation, context: CallContext): Promise<Outcome>;
  /** Finds out whether the write happened, by its key. */
  probe(operation: Operation, context: CallContext): Promise<ProbeAnswer>;
}

/** What a returns decision needs to know from the ERP. */
export type ErpOrderStatus = {
  readonly ref: string;
  readonly number: string;
  readonly state: 'draft' | 'open' | 'done' | 'cancelled';
  /** Units that have left the house, by the order line's SKU. */
  readonly shippedBySku: Readonly<Record<string, number>>;
  readonly asOf: string;
};

/** Units that left the house, as the ERP tells it. */
export type ErpShipment = {
  /** The ERP's own number; unique. */
  readonly shipmentId: string;
  /** The order's key, from the external key on the ERP's sales order. */
  readonly orderKey: string;
  readonly shippedAt: string;
  readonly lines: readonly { readonly lineId?: string; readonly sku: string; readonly quantity: number }[];
  readonly carrier?: string;
  readonly trackingNumber?: string;
};

/** The ERP's accounting period of a day. Nothing can be posted on a day whose period is not open. */
export type AccountingPeriod =
  | { readonly state: 'open' | 'closed' /** The ERP's own name of it. */; readonly name: string }
  /** Nobody has set one up for that day. */
  | { readonly state: 'missing' };

export interface ErpReader {
  orderStatus(orderKey: string, signal: AbortSignal): Promise<ErpOrderStatus | undefined>;
  /** Shipments changed at or after the cursor, and the cursor for the next read. Overlaps rather than misses. */
  shipmentsSince(
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<{ shipments: ErpShipment[]; cursor: string }>;
  /** The period of a date (YYYY-MM-DD) in the ERP's books, as it is now. */
  accountingPeriod(date: string, signal: AbortSignal): Promise<AccountingPeriod>;
}

/** Deployment's word on a partner account: where it is and what it may be asked. Secrets are named, never held. */
export type AccountConfig = Target & {
  readonly secretName: string;
  readonly settings: unknown;
};
