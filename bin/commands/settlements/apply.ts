import type { Report } from '../report.ts';
import type { FileOptions } from './options.ts';

/** Hands a file that was read and proved to the stage. */
export type Apply = (stage: string, options: FileOptions) => Promise<Report>;

/** Undefined as long as a stage has nowhere to take a file: `--apply` is then not offered. */
export const apply: Apply | undefined = undefined;
