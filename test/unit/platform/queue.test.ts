import './support.ts';
import type { SQSRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { BusinessError, type CrossdockError, PoisonError, TransientError } from '#core/kernel/errors.ts';
import { jsonObject, type QueueContext, queueHandler, secondsField, textField } from '#platform/handlers/queue.ts';
import type { QueueControl } from '#platform/handlers/queue-control.ts';
import { MemoryIds } from '#platform/memory/runtime.ts';
import { context, receivedTimes, sqsRecord, withAttributes, writtenDuring } from './support.ts';

type Message = { readonly id: string; readonly name: string };

describe('the queue handler', () => {
  let parked: { id: string; code: string }[];
  let putOff: string[];
  let done: string[];
  let letGone: string[];
  let during: () => void;
  let failures: Map<string, Error>;
  let ran: { message: Message; context: QueueContext }[];
  beforeEach(() => {
    parked = [];
    putOff = [];
    done = [];
    letGone = [];
    during = () => {};
    failures = new Map();
    ran = [];
  });

  const control: QueueControl = {
    park: async (_record, error: CrossdockError, { id }) => void parked.push({ id, code: error.code }),
    putOff: async ({ messageId }) => void putOff.push(messageId),
    done: async ({ messageId }) => void done.push(messageId),
    letGo: async ({ messageId }) => void letGone.push(messageId),
  };

  const handle = (...Records: SQSRecord[]) => {
    const handler = queueHandler<Message>({
      ids: new MemoryIds(),
      control: () => control,
      read(body) {
        const given = jsonObject(body);
        const message = { id: textField(given, 'id'), name: textField(given, 'name') };
        return { message, id: message.id, contract: 'test', correlationId: given.correlationId as string };
      },
      async run(message, context) {
        ran.push({ message, context });
        during();
        context.log.info('running', { subject: message.id });
        const failure = failures.get(message.id);
        if (failure) throw failure;
      },
    });
    return writtenDuring(() => handler({ Records }, context));
  };

  const record = (id: string, changes: Partial<SQSRecord> = {}) =>
    sqsRecord(`message-${id}`, JSON.stringify({ id, name: 'Bob Norman', correlationId: `correlation-${id}` }), changes);

  it('reports the one record that throws, and takes the others', async () => {
    failures.set('b', new Error('undefined is not a function'));
    const { result } = await handle(record('a'), record('b'), record('c'));
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-b' }] });
    expect(done.sort()).toEqual(['message-a', 'message-c']);
  });

  it('reports every record of a batch that fails as a whole, and throws nothing', async () => {
    failures.set('a', new Error('bug')).set('b', new Error('bug'));
    const { result } = await handle(record('a'), record('b'));
    expect(result.batchItemFailures).toHaveLength(2);
  });

  it('sums up its counts, one line for each set of dimensions', async () => {
    failures
      .set('a', new PoisonError('WRONG', 'wrong'))
      .set('b', new PoisonError('WRONG', 'wrong'))
      .set('c', new Error('bug'));
    const { lines } = await handle(record('a'), record('b'), record('c'));
    const counted = lines.filter((line) => line.MessageFailed !== undefined);
    expect(counted.map(({ kind, MessageFailed }) => [kind, MessageFailed]).sort()).toEqual([
      ['bug', 1],
      ['poison', 2],
    ]);
  });

  it('takes a business refusal for an answer, which closes the case of a message that was put off or parked', async () => {
    failures.set('a', new BusinessError('WINDOW_PASSED', 'the window has passed'));
    const { result } = await handle(record('a'));
    expect(result.batchItemFailures).toEqual([]);
    expect([parked, putOff, done]).toEqual([[], [], ['message-a']]);
  });

  it('parks poison at once and lets it go', async () => {
    failures.set('a', new PoisonError('CURRENCY_WRONG', 'no such currency'));
    const { result } = await handle(
      record('a'),
      sqsRecord('message-x', '{"id":"x"'),
      sqsRecord('message-y', '{"id":""}'),
    );
    expect(result.batchItemFailures).toEqual([]);
    expect(parked).toEqual(
      expect.arrayContaining([
        { id: 'a', code: 'CURRENCY_WRONG' },
        { id: 'message-x', code: 'MESSAGE_MALFORMED' },
        { id: 'message-y', code: 'MESSAGE_MALFORMED' },
      ]),
    );
  });

  it.each([0, -1, 1.5, '60', null, undefined, 2 ** 53])('knows no %j as a number of seconds', (given) => {
    expect(() => secondsField({ wait: given }, 'wait')).toThrow('"wait" must be a whole number of seconds');
    expect(secondsField({ wait: 60 }, 'wait')).toBe(60);
  });

  it('keeps poison that could not be parked', async () => {
    failures.set('a', new PoisonError('CURRENCY_WRONG', 'no such currency'));
    const park = control.park;
    control.park = async () => {
      throw new TransientError('AWS_UNAVAILABLE', 'send a message: TimeoutError');
    };
    const { result } = await handle(record('a'));
    control.park = park;
    expect(result.batchItemFailures).toEqual([{ itemIdentifier: 'message-a' }]);
  });

  it('puts passing trouble off', async () => {
    failures.set('a', new TransientError('VERSION_CONFLICT', 'changed meanwhile'));
    const { result } = await handle(record('a'));
    expect(putOff).toEqual(['message-a']);
    expect(result.batchItemFailures).toEqual([]);
  });

  describe('when a function died before', () => {
    const again = (id: string, receives: number) => record(id, receivedTimes(receives));
    const inOrder = () => ran.map(({ message }) => message.id);

    it('takes messages that came before after the others, one by one, the least received first', async () => {
      await handle(again('d', 3), again('c', 2), record('a'), record('b'));
      expect(inOrder()).toEqual(['a', 'b', 'c', 'd']);
    });

    it('lets each go as it is done, so that a further death counts against no other', async () => {
      const before: string[][] = [];
      during = () => void before.push([...letGone]);
      await handle(again('b', 2), record('a'), again('c', 3));
      expect(before).toEqual([[], ['message-a'], ['message-a', 'message-b']]);
    });

    it('turns the order round at every receive, so that whoever was behind the killer is ahead of it the next time', async () => {
      const mates = (receives: number) => ['c', 'a', 'b'].map((id) => again(id, receives));
      await handle(...mates(2));
      await handle(...mates(3));
      expect(inOrder()).toEqual(['a', 'b', 'c', 'c', 'b', 'a']);
    });

    it('keeps one that fails again, and takes those behind it', async () => {
      failures.set('b', new Error('bug'));
      const { result } = await handle(again('b', 2), record('a'), again('c', 3));
      expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-b' }] });
      expect(letGone).toEqual(['message-a', 'message-c']);
    });

    it('makes no failure of what the queue would not let go', async () => {
      const { letGo } = control;
      control.letGo = async () => {
        throw new TransientError('AWS_UNAVAILABLE', 'let a message go: TimeoutError');
      };
      const { result } = await handle(record('a'), again('b', 2));
      control.letGo = letGo;
      expect(result).toEqual({ batchItemFailures: [] });
    });

    it('leaves a batch of new ones, and one that is alone, to Lambda', async () => {
      await handle(record('a'), record('b'));
      await handle(again('c', 7));
      expect(letGone).toEqual([]);
    });
  });

  it('runs the same event of two messages twice, under one business identity', async () => {
    const body = record('a').body;
    await handle(sqsRecord('message-1', body), sqsRecord('message-2', body));
    expect(ran.map(({ message }) => message.id)).toEqual(['a', 'a']);
    expect(new Set(ran.map((one) => one.context.messageId)).size).toBe(2);
  });

  it("writes each record's ids into its own lines only", async () => {
    const { lines } = await handle(record('a'), record('b'));
    const running = lines.filter(({ message }) => message === 'running');
    expect(running.map(({ subject, correlationId, messageId }) => [subject, correlationId, messageId])).toEqual([
      ['a', 'correlation-a', 'message-a'],
      ['b', 'correlation-b', 'message-b'],
    ]);
    const after = (await handle()).lines;
    expect(JSON.stringify(after)).not.toContain('correlation-');
  });

  it('takes the correlation from the attribute where the message has none', async () => {
    const body = JSON.stringify({ id: 'a', name: 'x' });
    await handle(sqsRecord('message-a', body, withAttributes({ correlationId: 'attribute-1' })));
    await handle(sqsRecord('message-b', body));
    expect(ran.map((one) => one.context.correlationId)).toEqual(['attribute-1', expect.stringMatching(/^id-/)]);
  });

  it('logs nothing of a message, whatever error quotes it', async () => {
    failures.set('a', new SyntaxError('Unexpected token in "Bob Norman"'));
    failures.set('b', new Error('can not greet Bob Norman'));
    const { text } = await handle(record('a'), record('b'), sqsRecord('message-c', 'Bob Norman'));
    expect(text).toContain('message failed');
    expect(text).not.toContain('Bob');
  });
});
