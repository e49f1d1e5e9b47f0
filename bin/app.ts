import { crossdockApp } from '../lib/app.ts';
import { ConfigurationError } from '../lib/config/load.ts';

try {
  crossdockApp().app.synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  // What the person has to mend is in the text; a stack trace would bury it.
  console.error(`\n${error.message}\n`);
  process.exitCode = 1;
}
