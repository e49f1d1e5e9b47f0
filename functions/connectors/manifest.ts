import type { OperationKind, ProbePolicy } from '#core/operations/operation.ts';

/**
 * What the rest of the house must know about a connector without loading it: data only. CDK makes routes, queues, secrets,
 * concurrency caps and alarms of it; the command line and the docs list it.
 */
export type ConnectorManifest = {
  /** As it stands in keys, queue names and paths: lower case, digits and hyphens. */
  readonly id: string;
  readonly label: string;
  readonly kind: 'channel' | 'erp' | 'generic';
  readonly webhook?: WebhookManifest;
  /**
   * Parts of the account's secret. `rotating`: two values may be active at a time, so that one can be replaced without
   * refusing a message.
   */
  readonly secrets: Readonly<Record<string, 'required' | 'rotating' | 'optional'>>;
  /** The operations it carries out, and how far a probe of each can be trusted. */
  readonly operations: Readonly<Partial<Record<OperationKind, ProbePolicy>>>;
  readonly reads?: readonly ('order-status' | 'shipments' | 'accounting-periods' | 'settlements')[];
  readonly limits: {
    /** Calls under way at once per account. */
    readonly concurrency: number;
    /** Longest that one call may take; shorter than the lease of an operation. */
    readonly callTimeoutSeconds: number;
  };
};

export type WebhookManifest = {
  /** The `{connector}` of `POST /webhooks/{connector}/{account}`. */
  readonly path: string;
  readonly maxBodyBytes: number;
  /** Senders differ: one that gets a wrong status may end the subscription. */
  readonly answers: { readonly accepted: 200 | 202; readonly unauthenticated: 401; readonly tooLarge: 413 };
  /** Oldest signature time that is taken, where the sender signs one. */
  readonly toleranceSeconds?: number;
  /** How long the sender may still send a message again; an inbox mark lives longer. */
  readonly redeliveryHours: number;
};

/** The one member of an account's secret as the deployment creates it: it stands for "nobody has set this yet". */
export const UNSET_SECRET = 'unset';
