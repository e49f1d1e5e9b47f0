import type { Translator, WebhookVerifier } from '#application/ports/connector.ts';
import { manifest as shopify } from './channels/shopify/manifest.ts';
import { shopifyTranslator } from './channels/shopify/translate.ts';
import { verifier as shopifyVerifier } from './channels/shopify/verify.ts';
import { manifest as tryton } from './erps/tryton/manifest.ts';
import { manifest as generic } from './generic/manifest.ts';
import { translator as genericTranslator } from './generic/translate.ts';
import { verifier as genericVerifier } from './generic/verify.ts';
import type { ConnectorManifest } from './manifest.ts';

export type RegisteredConnector = {
  readonly manifest: ConnectorManifest;
  readonly verifier?: WebhookVerifier;
  readonly translator?: Translator;
};

/**
 * Every connector, for the command line and the docs. Functions import the connector they serve and never this list: it
 * would put all connectors into each bundle.
 */
export const connectors: Readonly<Record<string, RegisteredConnector>> = {
  shopify: { manifest: shopify, verifier: shopifyVerifier, translator: shopifyTranslator() },
  generic: { manifest: generic, verifier: genericVerifier, translator: genericTranslator },
  tryton: { manifest: tryton },
};
