/** Time and chance come from outside, so that a run can be repeated to the letter. */
export interface Clock {
  /** ISO 8601 in UTC with milliseconds. */
  now(): string;
}

export interface IdSource {
  next(): string;
}

/** Structured log; ids and numbers only, never personal data or payloads. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined | readonly string[]>>;

export interface Metrics {
  count(name: string, value: number, dimensions?: Readonly<Record<string, string>>): void;
}

/**
 * Points at which a test can end the process, so that "what if we crash here" is tried and not argued. Absent from every
 * bundle that is built for an AWS account.
 */
export interface Faults {
  at(point: FaultPoint, id: string): Promise<void>;
}

export const FAULT_POINTS = [
  'receive:before-queue',
  'receive:after-queue',
  'intake:before-commit',
  'intake:after-commit',
  'relay:before-publish',
  'relay:after-publish',
  'execute:after-lease',
  'execute:after-call',
  'execute:after-outcome',
  'workflow:after-wait',
] as const;

export type FaultPoint = (typeof FAULT_POINTS)[number];
