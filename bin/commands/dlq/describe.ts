import type { Message } from '@aws-sdk/client-sqs';

/** What is known of a dead message without its content: ids, codes, times; nothing personal. */
export type Described = {
  readonly id: string;
  /** Why it was parked; missing when it failed again and again and nobody caught it: a bug, told by the function's log. */
  readonly code?: string;
  readonly reason?: string;
  readonly contract?: string;
  /** What the message is about, as far as its envelope says. */
  readonly about?: string;
  readonly correlationId?: string;
  readonly case?: string;
  /** When it was parked, or when it was first sent. */
  readonly since: string;
};

export function describe(message: Message): Described {
  const attribute = (name: string): string | undefined => message.MessageAttributes?.[name]?.StringValue;
  const { about, correlationId } = envelopeOf(message.Body ?? '');
  const [caseSubject, caseCode] = [attribute('caseSubject'), attribute('caseCode')];
  return {
    id: message.MessageId ?? '',
    ...given('code', attribute('code')),
    ...given('reason', attribute('reason')),
    ...given('contract', attribute('contract')),
    ...given('about', about),
    ...given('correlationId', attribute('correlationId') ?? correlationId),
    ...given('case', caseSubject && caseCode && `${caseSubject} ${caseCode}`),
    since: attribute('parkedAt') ?? new Date(Number(message.Attributes?.SentTimestamp ?? 0)).toISOString(),
  };
}

const given = <K extends string>(name: K, value: string | undefined): { [key in K]?: string } =>
  (value === undefined ? {} : { [name]: value }) as { [key in K]?: string };

/** How many messages there are of each reason, the most frequent first. */
export function reasonsOf(messages: readonly Described[]): { readonly code: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { code = NO_REASON } of messages) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count);
}

/** Stands for a code where a message was never parked: its function failed each time. */
export const NO_REASON = 'FAILED';

type Envelope = { readonly about?: string | undefined; readonly correlationId?: string | undefined };

/** Reads the ids in the envelopes that our own queues carry. */
function envelopeOf(body: string): Envelope {
  const message = parsed(body);
  const text = (name: string, within: unknown = message): string | undefined => {
    const value = (within as Record<string, unknown> | undefined)?.[name];
    return typeof value === 'string' ? value : undefined;
  };
  const metadata = (message.detail as { metadata?: unknown } | undefined)?.metadata;
  const named = (...parts: (string | undefined)[]): string => parts.filter((part) => part !== undefined).join(' ');
  if (metadata) {
    return { about: named(text('detail-type'), text('id', metadata)), correlationId: text('correlationId', metadata) };
  }
  if (text('deliveryId')) {
    const about = [text('connector'), text('account'), text('deliveryId')].join('/');
    return { about, correlationId: text('correlationId') };
  }
  if (text('key')) return { about: named(text('key'), text('row')) };
  if (text('returnKey')) return { about: named(text('returnKey'), text('step')) };
  return { about: text('shardId', message.DDBStreamBatchInfo) };
}

function parsed(body: string): Record<string, unknown> {
  try {
    const given: unknown = JSON.parse(body);
    return typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The content as it came in: decoded where it is a raw message. May hold personal data. */
export function contentOf(message: Message): string {
  const { body, deliveryId } = parsed(message.Body ?? '');
  // A workflow's token lets whoever has it end the step.
  if (typeof deliveryId !== 'string') return (message.Body ?? '').replace(/("taskToken":\s*")[^"]*/, '$1…');
  if (typeof body === 'string') return Buffer.from(body, 'base64').toString('utf8');
  return `in the archive bucket under ${(body as { s3?: string } | undefined)?.s3}`;
}
