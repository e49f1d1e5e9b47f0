import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '#platform/aws/s3.ts';
import { clientsOf, type World } from '../../../bin/local/world.ts';

/** Asks an API route as a caller with AWS credentials does (signature version 4). */
export async function getSigned(world: World, target: string): Promise<Response> {
  const { region, credentials } = clientsOf(world.engine);
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
  const { href, protocol, host, pathname } = new URL(`${world.apiUrl.replace(/\/$/, '')}${target}`);
  const request = { method: 'GET', protocol, hostname: host, path: pathname, headers: { host } };
  const { headers } = await signer.sign(request);
  return fetch(href, { headers });
}
