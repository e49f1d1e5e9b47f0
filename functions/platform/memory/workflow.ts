import type { WorkflowEngine } from '#application/ports/workflow.ts';

type Answer =
  | { readonly output: Readonly<Record<string, string>> }
  | { readonly error: string; readonly cause: string };

/** Keeps the runs that were started, the tokens that are waited for, and how each was answered. */
export class MemoryWorkflowEngine implements WorkflowEngine {
  readonly runs = new Map<string, Readonly<Record<string, string>>>();
  readonly answers = new Map<string, Answer>();
  readonly heartbeats: string[] = [];
  readonly #waiting = new Set<string>();

  /** Makes a step wait under a token, as the engine does when it enters a waiting state. */
  wait(token: string): void {
    this.#waiting.add(token);
  }

  async start(name: string, input: Readonly<Record<string, string>>): Promise<void> {
    if (!this.runs.has(name)) this.runs.set(name, { ...input });
  }

  async succeed(token: string, output: Readonly<Record<string, string>>): Promise<boolean> {
    return this.#answer(token, { output: { ...output } });
  }

  async fail(token: string, error: string, cause: string): Promise<boolean> {
    return this.#answer(token, { error, cause });
  }

  async heartbeat(token: string): Promise<boolean> {
    if (!this.#waiting.has(token)) return false;
    this.heartbeats.push(token);
    return true;
  }

  #answer(token: string, answer: Answer): boolean {
    if (!this.#waiting.delete(token)) return false;
    this.answers.set(token, answer);
    return true;
  }
}
