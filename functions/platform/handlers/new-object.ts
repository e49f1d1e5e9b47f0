import { PoisonError } from '#core/kernel/errors.ts';
import { jsonObject, textField } from './queue.ts';

/** An object that was put into a bucket. */
export type NewObject = {
  readonly key: string;
  /** When, as a text that sorts: of two puts of one key the later sorts higher. */
  readonly laidDownAt: string;
};

/**
 * Reads S3's news of a new object as the default bus passes it on
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html). Keys stand there as they are, not escaped; `time`
 * is in seconds, and the sequencer orders what happened to one key within one.
 */
export function newObjectIn(body: string): NewObject {
  const event = jsonObject(body);
  const { detail } = event;
  const object = (detail as { readonly object?: unknown } | undefined)?.object;
  if (typeof object !== 'object' || object === null) {
    throw new PoisonError('MESSAGE_MALFORMED', '"detail.object" must be an object', {
      context: { field: 'detail.object' },
    });
  }
  const given = object as Readonly<Record<string, unknown>>;
  const { sequencer } = given;
  return {
    key: textField(given, 'key'),
    laidDownAt: `${textField(event, 'time')}/${typeof sequencer === 'string' ? sequencer.padStart(32, '0') : ''}`,
  };
}
