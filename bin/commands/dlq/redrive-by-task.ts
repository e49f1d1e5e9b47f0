import { setTimeout as sleep } from 'node:timers/promises';
import {
  CancelMessageMoveTaskCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { sqsClient } from '#platform/aws/clients.ts';
import { depthOf, queueArn } from './queues.ts';
import { type Moved, NoMoveTasks, type Redrive, type Way } from './redrive.ts';

const UNSUPPORTED = /InvalidAction|UnsupportedOperation|UnknownOperation|NotImplemented/i;

/**
 * SQS's own move task. It names the destination, because what was parked came by hand and has no source that SQS knows. A
 * message that is refused again lands in the DLQ while the task runs, which would then never end: it is stopped once it has
 * moved as many as there were.
 */
export class MoveTaskRedrive implements Redrive {
  readonly #pauseMs: number;

  constructor(pauseMs = 1000) {
    this.#pauseMs = pauseMs;
  }

  async move({ dlqUrl, sourceUrl }: Way, _all: object, tell: (moved: number) => void): Promise<Moved> {
    const [SourceArn, DestinationArn, { waiting, inFlight }] = await Promise.all([
      queueArn(dlqUrl),
      queueArn(sourceUrl),
      depthOf(dlqUrl),
    ]);
    const there = waiting + inFlight;
    if (there === 0) return { moved: 0 };
    const TaskHandle = await this.#start(SourceArn, DestinationArn);
    for (;;) {
      const task = await this.#state(SourceArn);
      const moved = Number(task?.ApproximateNumberOfMessagesMoved ?? 0);
      tell(moved);
      if (task?.Status === 'RUNNING' && moved > there) {
        await sqsClient().send(new CancelMessageMoveTaskCommand({ TaskHandle }));
        return { moved, trouble: 'messages come back as fast as they are moved: mend their cause first' };
      }
      if (task?.Status === 'COMPLETED') return { moved };
      if (task && task.Status !== 'RUNNING' && task.Status !== 'CANCELLING') {
        return { moved, trouble: `the move task is ${task.Status}: ${task.FailureReason ?? 'no reason is given'}` };
      }
      await sleep(this.#pauseMs);
    }
  }

  async #start(SourceArn: string, DestinationArn: string): Promise<string | undefined> {
    try {
      const { TaskHandle } = await sqsClient().send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
      return TaskHandle;
    } catch (error) {
      if (UNSUPPORTED.test((error as Error).name))
        throw new NoMoveTasks('SQS has no move tasks here', { cause: error });
      throw error;
    }
  }

  /** Only one task runs on a queue at a time, and the newest comes first. */
  async #state(SourceArn: string): Promise<ListMessageMoveTasksResultEntry | undefined> {
    const { Results = [] } = await sqsClient().send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }));
    return Results[0];
  }
}
