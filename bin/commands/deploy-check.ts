import { accountsJson, connectorsOf } from '../../lib/config/accounts.ts';
import type { Stage } from '../../lib/config/stage.ts';
import { checkAws } from './checks/aws.ts';
import { allWell, type Check, checkReport } from './checks/check.ts';
import { checkConfiguration } from './checks/configuration.ts';
import { checkPartners } from './checks/partners.ts';
import { checkSecrets } from './checks/secrets.ts';
import { progress } from './progress.ts';
import { openStage, useEndpoint } from './stage.ts';
import { onMachine, verb } from './verb.ts';

export const deployCheck = verb(
  'deploy-check',
  'Whether a stage can be deployed, and after that, whether all is set up: configuration, AWS, secrets, partners. Only reads.',
  ['crossdock deploy-check --stage prod', 'crossdock deploy-check --stage prod --config prod.json --json'],
)
  .option('--config <file>', 'what -c config=FILE is given to "cdk deploy"')
  .action(
    onMachine(async ({ stage: name }, options) => {
      useEndpoint(name);
      const { tell, end } = progress();
      const file = typeof options.config === 'string' ? options.config : undefined;
      const { stage, checks: configured } = checkConfiguration(name, file);
      tell('asking AWS …');
      const aws = await checkAws(name, stage?.region);
      const set: Check[] = stage && aws.reached ? await setUp(stage, aws.deployed, tell) : [];
      end();
      const checks = [...configured, ...aws.checks, ...set];
      if (!aws.reached) return checkReport(checks, `AWS can't be asked about stage "${name}"`, 3);
      const verdict = !allWell(checks)
        ? `stage "${name}" is not ready`
        : aws.deployed
          ? `stage "${name}" is deployed and set up`
          : `stage "${name}" can be deployed: npx cdk deploy --all -c stage=${name}`;
      return checkReport(checks, verdict, allWell(checks) ? 0 : 1);
    }),
  );

async function setUp(stage: Stage, deployed: boolean, tell: (text: string) => void): Promise<Check[]> {
  tell('looking at secrets …');
  const secrets = await checkSecrets(stage, deployed);
  tell('asking partners …');
  // What is deployed counts; before that, what would be.
  const accounts = deployed
    ? (await openStage(stage.name)).accounts
    : JSON.parse(accountsJson(stage, connectorsOf(stage.accounts)));
  return [...secrets, ...(await checkPartners(accounts))];
}
