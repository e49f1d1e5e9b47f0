import { createHmac } from 'node:crypto';
import { shopifyTranslator } from '#connectors/channels/shopify/translate.ts';
import { KEEP_HEADERS } from '#connectors/channels/shopify/verify.ts';
import { shopifyHmacVectors } from '../../../support/samples.ts';
import type { ConnectorUnderTest } from '../under-test.ts';
import { FEWEST, HISTORY, order, PERSONAL, VOCABULARY } from './shopify-messages.ts';
import { operations } from './shopify-operations.ts';

const HEADER = 'x-shopify-hmac-sha256';
const SHOP = 'acme.myshopify.com';

export const shopify: ConnectorUnderTest = {
  webhook: {
    settings: { shopDomain: SHOP },
    secretPart: 'webhookSecrets',
    secrets: { current: 'hush', previous: 'hush-before', stranger: 'guessed' },
    keepHeaders: KEEP_HEADERS,
    translator: shopifyTranslator({ shopDomain: () => SHOP }),
    sign: ({ topic }, body, { secret, delivery }) => ({
      'x-shopify-topic': topic,
      'x-shopify-webhook-id': delivery,
      [HEADER]: createHmac('sha256', secret).update(body).digest('base64'),
    }),
    signature: {
      header: HEADER,
      read: (value) => value,
      write: (digest) => digest,
      covers: { leftOut: 'Shopify signs the body alone; a message of another shop is refused by the translator' },
    },
    vectors: shopifyHmacVectors().map(({ name, secret, rawBody, header, valid }) => ({
      name,
      secret,
      at: 0,
      valid,
      headers: { [HEADER]: header, 'x-shopify-topic': 'orders/create' },
      body: Buffer.from(rawBody),
    })),
    ageless: { leftOut: 'Shopify signs no time; the inbox refuses what it has seen, and versions refuse what is old' },
    history: HISTORY,
    fewest: FEWEST,
    vocabulary: VOCABULARY,
    personal: PERSONAL,
    order,
  },
  operations,
};
