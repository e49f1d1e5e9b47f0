import { underneath } from '../current.ts';

type Command = { readonly constructor: { readonly name: string }; readonly input: unknown };

export const PATIENCE = { maxAttempts: 3 };

const clientOf = (service: string) => {
  const client = { send: (command: Command) => underneath().aws(service, command) };
  return () => client;
};

export const sqsClient = clientOf('sqs');
export const eventBridgeClient = clientOf('events');
export const workflowClient = clientOf('states');
export const secretsClient = clientOf('secrets');
