import type { LogFields } from '#application/ports/runtime.ts';
import { underneath } from '../current.ts';

/** As much of Powertools' logger as handlers use: a line goes to whoever watches the run, and to no console. */
export class Logger {
  info(message: string, fields: LogFields = {}): void {
    underneath().logged(message, fields);
  }

  warn(message: string, fields: LogFields = {}): void {
    underneath().logged(message, fields);
  }

  error(message: string, fields: LogFields = {}): void {
    underneath().logged(message, fields);
  }
}

/** The context that it would add to lines tells of the function alone. */
export const injectLambdaContext = () => ({ before: () => undefined });
