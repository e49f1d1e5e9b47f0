import { createHash } from 'node:crypto';
import { listen, reply } from '../../../bin/local/partners/http-server.ts';

/**
 * Answers SendMessage and GetSecretValue as AWS does, and nothing else; a process of its own, so that its CPU is not that
 * of what is measured. Started by `fork` with the secret's text; tells its URL and ends with who has started it.
 */
process.on('disconnect', () => process.exit());
const [SecretString = ''] = process.argv.slice(2);

const { url } = await listen(async (request, body, response) => {
  const target = String(request.headers['x-amz-target']);
  if (target.endsWith('.GetSecretValue')) return reply(response, 200, { SecretString });
  const { MessageBody } = JSON.parse(body) as { MessageBody: string };
  const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
  reply(response, 200, { MessageId: '7d1a5b8e-5f0c-4b58-9f4e-0c5f1c1f2a01', MD5OfMessageBody });
});
process.send?.(url);
