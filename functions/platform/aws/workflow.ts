import { createHash } from 'node:crypto';
import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { WorkflowEngine } from '#application/ports/workflow.ts';
import { requiredEnv } from '../env.ts';
import { workflowClient } from './clients.ts';
import { aws } from './failures.ts';

/** What the name of an execution must not hold, and how long it may be. */
const UNSAFE = /[^A-Za-z0-9_.-]/g;
const LONGEST_NAME = 80;

export class StepFunctionsEngine implements WorkflowEngine {
  readonly #client: SFNClient;

  constructor(client: SFNClient = workflowClient()) {
    this.#client = client;
  }

  async start(name: string, input: Readonly<Record<string, string>>): Promise<void> {
    const command = new StartExecutionCommand({
      stateMachineArn: requiredEnv('RETURN_WORKFLOW_ARN'),
      name: executionName(name),
      input: JSON.stringify(input),
    });
    try {
      await aws('start a workflow', this.#client.send(command));
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }

  async succeed(token: string, output: Readonly<Record<string, string>>): Promise<boolean> {
    return whileWaiting(
      this.#client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) })),
    );
  }

  async fail(token: string, error: string, cause: string): Promise<boolean> {
    return whileWaiting(this.#client.send(new SendTaskFailureCommand({ taskToken: token, error, cause })));
  }

  async heartbeat(token: string): Promise<boolean> {
    return whileWaiting(this.#client.send(new SendTaskHeartbeatCommand({ taskToken: token })));
  }
}

async function whileWaiting(answer: Promise<unknown>): Promise<boolean> {
  try {
    await aws('answer a waiting step', answer);
    return true;
  } catch (error) {
    if (error instanceof TaskDoesNotExist || error instanceof TaskTimedOut || error instanceof InvalidToken)
      return false;
    throw error;
  }
}

/** The same name for the same run, always; two runs whose names differ in forbidden characters only are told apart. */
export function executionName(name: string): string {
  const safe = name.replaceAll(UNSAFE, '_');
  if (safe === name && name.length <= LONGEST_NAME) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${safe.slice(0, LONGEST_NAME - digest.length - 1)}-${digest}`;
}
