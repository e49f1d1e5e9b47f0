/** Task tokens, in the order of their making; who holds one can answer the task that it was made for, once. */
import { InvalidToken, TaskDoesNotExist, TaskTimedOut } from '@aws-sdk/client-sfn';

const SHAPE = /^task-token-(\d+)$/;

export class Tokens<T> {
  readonly #open = new Map<string, T>();
  #issued = 0;

  issue(): string {
    return `task-token-${++this.#issued}`;
  }

  open(token: string, task: T): void {
    this.#open.set(token, task);
  }

  close(token: string): void {
    this.#open.delete(token);
  }

  /**
   * The task that waits for this token. A token whose task has ended is TaskTimedOut, whether it timed out or was answered:
   * https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
   */
  find(token: string): T {
    const number = Number(SHAPE.exec(token)?.[1]);
    if (Number.isNaN(number)) throw new InvalidToken({ message: `Invalid Token: '${token}'`, $metadata: {} });
    if (number < 1 || number > this.#issued) {
      throw new TaskDoesNotExist({ message: `no task was ever given ${token}`, $metadata: {} });
    }
    const task = this.#open.get(token);
    if (!task) throw new TaskTimedOut({ message: `the task of ${token} has ended`, $metadata: {} });
    return task;
  }
}
