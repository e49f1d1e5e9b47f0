import { webhookHandler } from '#platform/handlers/http.ts';
import { ids, webhookPorts } from '#platform/handlers/on-aws.ts';
import { manifest } from '../manifest.ts';
import { verifier } from '../verify.ts';

export const handler = webhookHandler({
  manifest,
  verifier,
  secretPart: 'webhookSecrets',
  // Everything that the translator needs is in the body.
  keepHeaders: [],
  ids,
  ports: webhookPorts,
});
