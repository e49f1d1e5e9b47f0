import { type Command, CommanderError } from 'commander';
import { crossdock } from './commands/crossdock.ts';
import { failureOf } from './commands/failure.ts';

/**
 * The command line. With --json standard output is one JSON document whatever happens: the answer, or
 * `{ "error": { "code"?, "message" } }`. Exit codes stand at `ExitCode`.
 */
const args = process.argv.slice(2);
const program = crossdock();

// A pipe that is closed early (`crossdock orders list | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  const asked = groupWithoutVerb(program, args);
  if (asked) asked.outputHelp();
  else await program.parseAsync(args, { from: 'user' });
} catch (error) {
  // Help and version were asked for, and have been printed.
  const wellEnded = error instanceof CommanderError && error.exitCode === 0;
  if (!wellEnded) fail(error);
}

function fail(error: unknown): void {
  const { exit, code, message } = failureOf(error);
  const json = { error: { ...(code !== undefined && { code }), message } };
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  else process.stderr.write(`crossdock: ${message}\n`);
  if (process.env.CROSSDOCK_DEBUG) console.error(error);
  process.exitCode = exit;
}

/** `crossdock` and `crossdock dlq` say what there is. */
function groupWithoutVerb(command: Command, [name, ...rest]: readonly string[]): Command | undefined {
  if (name === undefined) return command.commands.length > 0 ? command : undefined;
  const next = command.commands.find((one) => one.name() === name);
  return next && groupWithoutVerb(next, rest);
}
