import type { Translator, WebhookVerifier } from '#application/ports/connector.ts';
import { manifest as shopify } from './channels/shopify/manifest.ts';
import { shopifyTranslator } from './channels/shopify/translate.ts';
import { verifier as shopifyVerifier } from './channels/shopify/verify.ts';
import { manifest as tryton } from './erps/tryton/manifest.ts';
import { manifest as generic } from './generic/manifest.ts';
import { translator as genericTranslator } from './generic/translate.ts';
import { TOPIC as GENERIC_TOPIC, verifier as genericVerifier } from './generic/verify.ts';
import type { ConnectorManifest } from './manifest.ts';

/** What people call a message; `notification` is the channel's word on a fulfilment. */
export const MESSAGE_KINDS = ['order', 'return', 'refund', 'notification'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

export type RegisteredConnector = {
  readonly manifest: ConnectorManifest;
  readonly verifier?: WebhookVerifier;
  readonly translator?: Translator;
  /** The kinds of message that it takes, each with a topic that it comes under. */
  readonly topics?: Readonly<Partial<Record<MessageKind, string>>>;
};

/**
 * Every connector, for the command line and the docs. Functions import the connector they serve and never this list: it
 * would put all connectors into each bundle.
 */
export const connectors: Readonly<Record<string, RegisteredConnector>> = {
  shopify: {
    manifest: shopify,
    verifier: shopifyVerifier,
    translator: shopifyTranslator(),
    topics: { order: 'orders/create', refund: 'refunds/create', notification: 'fulfillments/create' },
  },
  generic: {
    manifest: generic,
    verifier: genericVerifier,
    translator: genericTranslator,
    topics: { order: GENERIC_TOPIC, return: GENERIC_TOPIC },
  },
  tryton: { manifest: tryton },
};
