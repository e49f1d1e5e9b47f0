import './support.ts';
import { DeleteMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type CrossdockError, PartnerConfigurationError, PoisonError, TransientError } from '#core/kernel/errors.ts';
import { SqsQueueControl } from '#platform/aws/queue-control.ts';
import { MemoryClock } from '#platform/memory/runtime.ts';
import { MemoryStore } from '#platform/memory/store.ts';
import { delayAfter } from '#platform/queue-policy.ts';
import { sqsRecord, withAttributes } from './support.ts';

const SOURCE = 'https://sqs.us-east-1.amazonaws.com/000000000000/shopify-intake';
const ABOUT = { id: 'delivery-1', contract: 'shopify:orders/create', correlationId: 'correlation-1' };
const BUSY = new TransientError('AWS_UNAVAILABLE', 'commit: throttled');

describe('what becomes of messages that are not taken', () => {
  const sqs = mockClient(SQSClient);
  let store: MemoryStore;
  let control: SqsQueueControl;
  let clock: MemoryClock;
  beforeEach(() => {
    sqs.reset();
    process.env.PARK_QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/000000000000/shopify-intake-dlq';
    store = new MemoryStore();
    clock = new MemoryClock();
    control = new SqsQueueControl({ cases: store.cases, clock, random: () => 1 });
  });
  const sent = () => sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input);

  it('parks a copy with its reason, and opens a case for a person', async () => {
    const error = new PoisonError('CURRENCY_WRONG', '"EUX" is no currency', {
      context: { subject: 'ORDER#shopify#main#1' },
    });
    await control.park(sqsRecord('m1', 'the message'), error, ABOUT);
    const [copy] = sent();
    expect(copy).toMatchObject({ QueueUrl: process.env.PARK_QUEUE_URL, MessageBody: 'the message' });
    expect(Object.keys(copy?.MessageAttributes ?? {}).length).toBeLessThanOrEqual(10);
    expect(copy?.MessageAttributes).toMatchObject({
      code: { StringValue: 'CURRENCY_WRONG' },
      reason: { StringValue: '"EUX" is no currency' },
      contract: { StringValue: 'shopify:orders/create' },
      correlationId: { StringValue: 'correlation-1' },
      parkedFrom: { StringValue: 'shopify-intake' },
    });
    expect(await store.cases.listOpen({ limit: 5 })).toMatchObject([
      { subject: 'ORDER#shopify#main#1', code: 'MESSAGE_PARKED#delivery-1', owner: 'integration' },
    ]);
  });

  it('closes the case when the message comes back and is taken', async () => {
    await control.park(sqsRecord('m1', 'body'), new PoisonError('UNKNOWN_SKU', 'no such SKU'), ABOUT);
    const attributes = Object.fromEntries(
      Object.entries(sent()[0]?.MessageAttributes ?? {}).map(([name, { StringValue = '' }]) => [name, StringValue]),
    );
    expect(await store.cases.listOpen({ limit: 5 })).toMatchObject([{ subject: 'QUEUE#shopify-intake' }]);
    await control.done(sqsRecord('m2', 'body'));
    expect(await store.cases.listOpen({ limit: 5 })).toHaveLength(1);
    await control.done(sqsRecord('m2', 'body', withAttributes(attributes)));
    expect(await store.cases.listOpen({ limit: 5 })).toEqual([]);
  });

  it('puts a message off ever longer by copies, so that none of its receives are used up', async () => {
    for (const deferrals of ['', '1', '2', '3', '4']) {
      const attributes = { correlationId: 'correlation-1', ...(deferrals && { deferrals }) };
      await control.putOff(sqsRecord('m', 'body', withAttributes(attributes)), BUSY, ABOUT);
    }
    expect(sent().map(({ DelaySeconds }) => DelaySeconds)).toEqual([15, 60, 240, 900, 900]);
    expect(sent()[0]).toMatchObject({ QueueUrl: SOURCE, MessageBody: 'body' });
    expect(sent()[2]?.MessageAttributes).toMatchObject({
      deferrals: { StringValue: '3' },
      correlationId: { StringValue: 'correlation-1' },
    });
  });

  it('keeps the message when it can not be sent anew', async () => {
    sqs.on(SendMessageCommand).rejects(Object.assign(new Error('busy'), { name: 'ServiceUnavailable' }));
    await expect(control.putOff(sqsRecord('m', 'body'), BUSY, ABOUT)).rejects.toMatchObject({ kind: 'transient' });
  });

  it('lets a message go by the receipt of its latest receive', async () => {
    await control.letGo(sqsRecord('m', 'body'));
    const [removed] = sqs.commandCalls(DeleteMessageCommand).map(({ args }) => args[0].input);
    expect(removed).toEqual({ QueueUrl: SOURCE, ReceiptHandle: 'receipt-of-m' });
  });

  it('puts it in front of a person after a day', async () => {
    await control.putOff(sqsRecord('m', 'body', withAttributes({ deferrals: '96' })), BUSY, ABOUT);
    expect(sent()).toMatchObject([
      { QueueUrl: process.env.PARK_QUEUE_URL, MessageAttributes: { code: { StringValue: 'RETRIES_EXHAUSTED' } } },
    ]);
  });

  it('spreads tries by a fifth, and never comes before it was told to', () => {
    expect([delayAfter(0, 0, () => 0), delayAfter(0, 0, () => 1)]).toEqual([12, 15]);
    expect(delayAfter(0, 120, () => 0)).toBe(120);
    expect(delayAfter(9, 5_000, () => 0)).toBe(900);
  });

  describe('put off for long', () => {
    const REFUSED = new PartnerConfigurationError('ERP_LOGIN_REFUSED', 'tryton/main refuses the user');
    /** What the queue hands out next: the last copy that was sent. */
    const lastCopy = () =>
      sqsRecord(
        'copy',
        'body',
        withAttributes(
          Object.fromEntries(
            Object.entries(sent().at(-1)?.MessageAttributes ?? {}).map(([name, { StringValue = '' }]) => [
              name,
              StringValue,
            ]),
          ),
        ),
      );
    const openCases = () => store.cases.listOpen({ limit: 9 });
    async function putOffTimes(times: number, first = sqsRecord('m', 'body'), error: CrossdockError = BUSY) {
      await control.putOff(first, error as TransientError, ABOUT);
      for (let nth = 1; nth < times; nth++) await control.putOff(lastCopy(), error as TransientError, ABOUT);
    }

    it('opens a case at the fourth time, and says since when and until when it waits', async () => {
      await putOffTimes(3);
      expect(await openCases()).toEqual([]);
      clock.advance(15 + 60 + 240);
      await control.putOff(lastCopy(), BUSY, ABOUT);
      expect(await openCases()).toMatchObject([
        {
          subject: 'QUEUE#shopify-intake',
          code: 'MESSAGE_PUT_OFF#delivery-1',
          owner: 'integration',
          message:
            'a message on shopify-intake is put off since 2026-11-20T10:00:00.000Z, next try by 2026-11-20T10:20:15.000Z: AWS_UNAVAILABLE: commit: throttled',
          suggestedFix: expect.stringContaining('closes once it is taken'),
        },
      ]);
    });

    it('opens it at once for what only a person can mend, and comes back minutes after it', async () => {
      await putOffTimes(1, sqsRecord('m', 'body'), REFUSED);
      expect(sent()[0]?.DelaySeconds).toBe(240);
      expect(await openCases()).toMatchObject([
        {
          code: 'MESSAGE_PUT_OFF#delivery-1',
          owner: 'integration',
          message: expect.stringContaining('ERP_LOGIN_REFUSED: tryton/main refuses the user'),
          suggestedFix: expect.stringMatching(/in settings, secret or rights/),
        },
      ]);
    });

    it('has one case, told anew each time, which closes when the copy is done with', async () => {
      await putOffTimes(6);
      expect(await openCases()).toMatchObject([{ code: 'MESSAGE_PUT_OFF#delivery-1', count: 3 }]);
      await control.done(lastCopy());
      expect(await openCases()).toEqual([]);
    });

    it('is told anew by a second copy after the first was taken, and closes with it', async () => {
      await putOffTimes(4);
      const [taken, late] = [lastCopy(), lastCopy()];
      await control.done(taken);
      await control.putOff(late, BUSY, ABOUT);
      expect(await openCases()).toHaveLength(1);
      await control.done(lastCopy());
      expect(await openCases()).toEqual([]);
    });

    it('gives its case up for that of a parked message', async () => {
      await putOffTimes(4);
      await control.park(lastCopy(), new PoisonError('CURRENCY_WRONG', '"EUX" is no currency'), ABOUT);
      expect(await openCases()).toMatchObject([{ code: 'MESSAGE_PARKED#delivery-1' }]);
      await control.done(lastCopy());
      expect(await openCases()).toEqual([]);
    });

    it('is parked after a day with one case', async () => {
      await putOffTimes(97);
      expect(sent().at(-1)).toMatchObject({ QueueUrl: process.env.PARK_QUEUE_URL });
      expect(await openCases()).toMatchObject([{ code: 'MESSAGE_PARKED#delivery-1', count: 1 }]);
    });

    it('keeps the case that it was parked with, in new words, within the ten attributes of a message', async () => {
      await control.park(sqsRecord('m', 'body'), new PoisonError('UNKNOWN_SKU', 'no such SKU'), ABOUT);
      await putOffTimes(5, lastCopy());
      expect(Object.keys(lastCopy().messageAttributes)).toHaveLength(10);
      expect(await openCases()).toMatchObject([
        { code: 'MESSAGE_PARKED#delivery-1', message: expect.stringContaining('is put off since') },
      ]);
      await control.done(lastCopy());
      expect(await openCases()).toEqual([]);
    });

    it('leaves none behind when it is parked again for another subject', async () => {
      await control.park(sqsRecord('m', 'body'), new PoisonError('UNKNOWN_SKU', 'no such SKU'), ABOUT);
      const error = new PoisonError('CURRENCY_WRONG', '"EUX" is no currency', { context: { subject: 'ORDER#1' } });
      await control.park(lastCopy(), error, ABOUT);
      expect(await openCases()).toMatchObject([{ subject: 'ORDER#1', code: 'MESSAGE_PARKED#delivery-1' }]);
    });

    it('opens no case for a copy that could not be sent', async () => {
      await putOffTimes(3);
      const third = lastCopy();
      sqs.on(SendMessageCommand).rejects(Object.assign(new Error('busy'), { name: 'ServiceUnavailable' }));
      await expect(control.putOff(third, BUSY, ABOUT)).rejects.toMatchObject({ kind: 'transient' });
      expect(await openCases()).toEqual([]);
    });

    it('goes on where its case can not be opened: the next time tells', async () => {
      await putOffTimes(3);
      const complained = vi.spyOn(console, 'warn').mockReturnValueOnce();
      vi.spyOn(store.cases, 'open').mockRejectedValueOnce(new TransientError('AWS_UNAVAILABLE', 'write a case: busy'));
      await control.putOff(lastCopy(), BUSY, ABOUT);
      expect(complained).toHaveBeenCalledWith(expect.stringContaining('a case was refused'));
      expect(sent()).toHaveLength(4);
      await control.putOff(lastCopy(), BUSY, ABOUT);
      expect(await openCases()).toHaveLength(1);
    });

    it('is put off without a case by a function that may write none', async () => {
      control = new SqsQueueControl({ clock, random: () => 1 });
      await putOffTimes(5);
      await control.done(lastCopy());
      expect(sent()).toHaveLength(5);
    });
  });
});
