import { Command } from 'commander';
import { print, type Report } from './report.ts';
import { type DeployedStage, openStage } from './stage.ts';

/** What every verb knows: the stage that it works on and how to answer. */
export type Common = { readonly stage: string; readonly json: boolean };

/** The option of every verb that writes. */
export const APPLY = ['--apply', 'write it; without this nothing is changed'] as const;

type Options = Record<string, unknown> & { readonly stage?: string; readonly json?: boolean };

/** A verb with the options that all have, and its examples under --help. `spec` is its name and its arguments. */
export function verb(spec: string, description: string, examples: readonly string[]): Command {
  const [name = '', ...args] = spec.split(' ');
  const command = new Command(name)
    .description(description)
    .option('--stage <name>', 'stage to work on', process.env.CROSSDOCK_STAGE ?? 'dev')
    .option('--json', 'answer as JSON', false)
    .addHelpText('after', `\nExamples:\n${examples.map((one) => `  ${one}`).join('\n')}`);
  for (const one of args) command.argument(one);
  return command;
}

/** Runs a verb that needs nothing but this machine. */
export function onMachine<A extends unknown[]>(
  work: (common: Common, options: Options, ...args: A) => Promise<Report>,
) {
  return async (...given: unknown[]): Promise<void> => {
    const { args, options, common } = split<A>(given);
    print(await work(common, options, ...args), common.json);
  };
}

/** Runs a verb on a deployed stage. */
export function onStage<A extends unknown[]>(
  work: (stage: DeployedStage, options: Options, ...args: A) => Promise<Report>,
) {
  return async (...given: unknown[]): Promise<void> => {
    const { args, options, common } = split<A>(given);
    print(await work(await openStage(common.stage), options, ...args), common.json);
  };
}

function split<A extends unknown[]>(given: unknown[]) {
  const options = given.at(-2) as Options;
  const args = given.slice(0, -2) as A;
  return { args, options, common: { stage: options.stage ?? 'dev', json: options.json ?? false } };
}

/** A verb of verbs: `crossdock dlq list`. */
export function group(name: string, description: string, ...verbs: Command[]): Command {
  const command = new Command(name).description(description);
  for (const one of verbs) command.addCommand(one);
  return command;
}
