/** One step of a longer set-up, told when it begins and when it ends. */
export interface ProgressEvent {
  readonly title: string;
  /** 1-based number of this step among `steps`. */
  readonly step: number;
  readonly steps: number;
  /** `cached`: nothing had to be done, an earlier run had made it. */
  readonly state: 'running' | 'done' | 'cached';
  /** Milliseconds since this step began. */
  readonly elapsedMs: number;
}

export type Progress = (event: ProgressEvent) => void;

/** One unit of set-up: `run` answers whether it was already there. */
export interface SetUpStep {
  readonly title: string;
  readonly run: () => Promise<{ cached: boolean }>;
}

/** Runs the steps one after another and tells `onProgress` of each begin and end. The first failure ends it. */
export async function runSteps(steps: readonly SetUpStep[], onProgress: Progress = () => {}): Promise<void> {
  for (const [index, { title, run }] of steps.entries()) {
    const began = Date.now();
    const tell = (state: ProgressEvent['state']) =>
      onProgress({ title, step: index + 1, steps: steps.length, state, elapsedMs: Date.now() - began });
    tell('running');
    const { cached } = await run();
    tell(cached ? 'cached' : 'done');
  }
}
