/** The same for every engine: a function that calls a server of ours, a table with a stream, a queue, a state machine. */
export const PROBE_FUNCTION = `
import v8 from 'node:v8';
export class PaymentDeclined extends Error { name = 'PaymentDeclined'; }
export const handler = async (event) => {
  if (event.decline) throw new PaymentDeclined('no funds');
  const heapLimitMb = v8.getHeapStatistics().heap_size_limit / 2 ** 20;
  const body = JSON.stringify({ event, env: Object.keys(process.env), heapLimitMb });
  if (process.env.SERVER) await fetch(process.env.SERVER, { method: 'POST', body });
  return { ok: true };
};
`;

export const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** Settings that an engine may drop without a word; read back afterwards. */
export const PROBE_TEMPLATE = {
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'from-template',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    },
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: TRUST } },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'from-template',
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { ZipFile: 'exports.handler = async () => 1;' },
        ReservedConcurrentExecutions: 3,
      },
    },
  },
};

const ROLE = 'arn:aws:iam::000000000000:role/probe';

/** Waits for a token nobody sends, waits as long as its input says, or calls the probe function; each way out is a state of its own. */
export function probeMachine(functionArn: string, queueUrl: string): object {
  return {
    roleArn: ROLE,
    definition: {
      StartAt: 'Which',
      States: {
        Which: {
          Type: 'Choice',
          Choices: [
            { Variable: '$.wait', IsPresent: true, Next: 'Wait' },
            { Variable: '$.pause', IsPresent: true, Next: 'Pause' },
          ],
          Default: 'Call',
        },
        Wait: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
          Parameters: { QueueUrl: queueUrl, MessageBody: { 'token.$': '$$.Task.Token' } },
          HeartbeatSeconds: 2,
          TimeoutSeconds: 10,
          Catch: [{ ErrorEquals: ['States.HeartbeatTimeout', 'States.Timeout'], Next: 'NoHeartbeat' }],
          End: true,
        },
        NoHeartbeat: { Type: 'Pass', Result: 'no heartbeat', End: true },
        Pause: { Type: 'Wait', SecondsPath: '$.pause.seconds', Next: 'Paused' },
        Paused: { Type: 'Pass', Result: 'paused', End: true },
        Call: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Parameters: { FunctionName: functionArn, Payload: { decline: true } },
          TimeoutSeconds: 10,
          Catch: [
            { ErrorEquals: ['PaymentDeclined'], Next: 'ByName' },
            { ErrorEquals: ['States.ALL'], Next: 'ByAnother' },
          ],
          End: true,
        },
        ByName: { Type: 'Pass', Result: 'by name', End: true },
        ByAnother: { Type: 'Pass', Result: 'by another', End: true },
      },
    },
  };
}
