import { streamPorts } from '#platform/handlers/on-aws.ts';
import { journalStreamHandler } from '#platform/handlers/stream.ts';

export const handler = journalStreamHandler(streamPorts);
