import { describe, expect, it } from 'vitest';
import { sameClients } from '../../bench/bare/same-clients.ts';

describe('the empty handler', () => {
  it('holds the clients and commands that a bundle holds, and nothing else of it', () => {
    const source = sameClients([
      'node_modules/@aws-sdk/client-sqs/dist-es/SQSClient.js',
      'node_modules/@aws-sdk/client-sqs/dist-es/commands/SendMessageCommand.js',
      'node_modules/@aws-sdk/client-sqs/dist-es/schemas/schemas_0.js',
      'node_modules/@aws-sdk/lib-dynamodb/dist-es/commands/GetCommand.js',
      'node_modules/zod/v4/mini/schemas.js',
      'functions/core/orders/decider.ts',
    ]);
    expect(source.split('\n').filter((line) => line.startsWith('import'))).toEqual([
      "import { SQSClient as SQSClient0 } from '@aws-sdk/client-sqs';",
      "import { SendMessageCommand as SendMessageCommand1 } from '@aws-sdk/client-sqs';",
      "import { GetCommand as GetCommand2 } from '@aws-sdk/lib-dynamodb';",
    ]);
    expect(source).toContain('[SQSClient0, SendMessageCommand1, GetCommand2]');
  });
});
