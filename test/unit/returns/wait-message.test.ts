import { describe, expect, it } from 'vitest';
import { waitMessage } from '../../../functions/handlers/wiring/wait-message.ts';

describe('the message of a step that begins to wait', () => {
  const message = { taskToken: 't', returnKey: 'RETURN#generic#main#R1', step: 'receipt', patienceSeconds: 21_600 };

  it('is read as the workflow sends it', () => {
    expect(waitMessage(JSON.stringify(message))).toEqual(message);
  });

  it('has an hour’s patience where it tells none, as those of executions from before do', () => {
    const { patienceSeconds: _untold, ...former } = message;
    expect(waitMessage(JSON.stringify(former))).toEqual({ ...message, patienceSeconds: 3_600 });
  });

  it.each([{ taskToken: '' }, { step: 7 }, { returnKey: null }, { patienceSeconds: 0 }, { patienceSeconds: 'long' }])(
    'is parked with %j',
    (changes) => {
      const body = JSON.stringify({ ...message, ...changes });
      expect(() => waitMessage(body)).toThrow(expect.objectContaining({ kind: 'poison', code: 'MESSAGE_MALFORMED' }));
    },
  );
});
