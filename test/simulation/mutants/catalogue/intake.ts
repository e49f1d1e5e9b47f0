import type { Mutant } from '../mutants.ts';

/** What stands between a partner that tells us something and the queue that keeps it. */
export const INTAKE: readonly Mutant[] = [
  {
    name: 'answer-before-storing',
    guards: 'a webhook is answered only after the queue has it',
    invariant: 'I1',
    edits: [
      {
        file: 'functions/platform/handlers/http.ts',
        find: '  await enqueue(JSON.stringify(message), { correlationId });',
        replace: '  void enqueue(JSON.stringify(message), { correlationId }).catch(() => undefined);',
      },
    ],
  },
  {
    name: 'large-messages-sent-whole',
    guards: 'a message that is too large for a queue lies in the archive, and the queue has its address',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/platform/handlers/http.ts',
        find: '  const large = body.byteLength > INLINE_BYTES;',
        replace: '  const large = false;',
      },
    ],
  },
  {
    name: 'signature-ignored',
    guards: 'a message that no active secret signed changes nothing',
    invariant: 'I1',
    edits: [
      {
        file: 'functions/connectors/channels/shopify/verify.ts',
        find: '    if (!signedByAny(secrets, body, signature)) {',
        replace: '    if (false) {',
      },
    ],
  },
  {
    name: 'partial-batch-ignored',
    guards: 'a message that failed is reported as failed, and stays',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/platform/handlers/queue.ts',
        find: "      log.error('message failed', describe(error));\n      throw error;",
        replace: "      log.error('message failed', describe(error));\n      return;",
      },
    ],
  },
  {
    name: 'passing-trouble-forgotten',
    guards: 'a message put off for passing trouble comes again',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/platform/aws/queue-control.ts',
        find: '    await sendMessage(queueUrl(record), record.body, next.attributes, {',
        replace: '    return;\n    await sendMessage(queueUrl(record), record.body, next.attributes, {',
      },
    ],
  },
  {
    name: 'poison-dropped',
    guards: 'a message that can not be taken is parked in front of a person',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/platform/handlers/queue.ts',
        find: '      await control.park(record, error as CrossdockError, { ...seen, correlationId: correlation.correlationId });',
        replace: '',
      },
    ],
  },
];
