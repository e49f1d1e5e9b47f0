import { webhookHandler } from '#platform/handlers/http.ts';
import { ids, webhookPorts } from '#platform/handlers/on-aws.ts';
import { manifest } from '../manifest.ts';
import { KEEP_HEADERS, verifier } from '../verify.ts';

export const handler = webhookHandler({
  manifest,
  verifier,
  secretPart: 'webhookSecrets',
  keepHeaders: KEEP_HEADERS,
  ids,
  ports: webhookPorts,
});
