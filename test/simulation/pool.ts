import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunRequest, RunResult } from './result.ts';
import type { FromWorker, ToWorker } from './worker.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
const LINK = new URL('link/register.ts', import.meta.url).href;

/** A seed's run that could not be carried out: a fault of the simulator, or an error that nobody caught. */
export class RunBroken extends Error {
  override readonly name = 'RunBroken';
}

type Waiting = { readonly resolve: (result: RunResult) => void; readonly reject: (error: Error) => void };

/** One linked process. */
export class Worker {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly ready: Promise<void>;
  #lastId = 0;

  /** @param mutant the guard to take out of the code that is linked, by name. */
  constructor(mutant?: string) {
    const { CROSSDOCK_MUTANT: _inherited, ...environment } = process.env;
    this.#process = fork(WORKER, {
      execArgv: ['--import', LINK, '--no-warnings', '--max-old-space-size=1024', '--max-semi-space-size=32'],
      env: {
        ...environment,
        POWERTOOLS_LOG_LEVEL: 'SILENT',
        POWERTOOLS_METRICS_DISABLED: 'true',
        // graphql-js leaves its development checks out.
        NODE_ENV: 'production',
        AWS_ACCESS_KEY_ID: 'simulated',
        AWS_SECRET_ACCESS_KEY: 'simulated',
        ...(mutant && { CROSSDOCK_MUTANT: mutant }),
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.ready = new Promise((resolve, reject) => {
      this.#process.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') return resolve();
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if (message.kind === 'done') waiting?.resolve(message.result);
        else waiting?.reject(new RunBroken(message.error));
      });
      this.#process.on('exit', (code, signal) => {
        const error = new RunBroken(`the simulator's process ended with ${signal ?? code}`);
        reject(error);
        for (const { reject: fail } of this.#waiting.values()) fail(error);
        this.#waiting.clear();
      });
    });
  }

  run(request: RunRequest, { trace = false } = {}): Promise<RunResult> {
    const id = ++this.#lastId;
    const message: ToWorker = { id, request, trace };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.send(message);
    });
  }

  end(): void {
    this.#process.removeAllListeners('exit');
    this.#process.kill();
  }
}

/** Runs requests on as many processes as are given, in their order; answers come as they are ready. */
export async function* runAll(
  requests: Iterable<RunRequest>,
  { workers, mutant }: { readonly workers: number; readonly mutant?: string },
): AsyncGenerator<RunResult> {
  const pool = Array.from({ length: workers }, () => new Worker(mutant));
  const todo = requests[Symbol.iterator]();
  const running = new Map<Worker, Promise<{ readonly worker: Worker; readonly result: RunResult }>>();
  const next = (worker: Worker): void => {
    const { value, done } = todo.next();
    if (!done)
      running.set(
        worker,
        worker.run(value).then((result) => ({ worker, result })),
      );
  };
  try {
    await Promise.all(pool.map(({ ready }) => ready));
    for (const worker of pool) next(worker);
    while (running.size > 0) {
      const { worker, result } = await Promise.race(running.values());
      running.delete(worker);
      yield result;
      next(worker);
    }
  } finally {
    for (const worker of pool) worker.end();
  }
}
