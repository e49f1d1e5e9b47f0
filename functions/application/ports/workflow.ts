/** The engine that runs return-to-refund. */
export interface WorkflowEngine {
  /** Starting twice under one name is one run. Input holds ids only. */
  start(name: string, input: Readonly<Record<string, string>>): Promise<void>;
  /** Lets a waiting step go on; false when its token is no longer waited for. */
  succeed(token: string, output: Readonly<Record<string, string>>): Promise<boolean>;
  fail(token: string, error: string, cause: string): Promise<boolean>;
  heartbeat(token: string): Promise<boolean>;
}
