import { Option } from 'commander';
import { allWell, type Check, checkReport } from './checks/check.ts';
import { deploymentChecks, machineChecks } from './checks/machine.ts';
import { onMachine, verb } from './verb.ts';

export const doctor = verb(
  'doctor',
  'What this machine lacks to run Crossdock locally or to deploy it, each with its fix.',
  ['crossdock doctor', 'crossdock doctor --for deploy'],
)
  .addOption(
    new Option('--for <purpose>', 'what must be possible for the answer to be good')
      .choices(['run', 'deploy'])
      .default('run'),
  )
  .action(
    onMachine(async (_common, options) => {
      const [run, deploy] = await Promise.all([machineChecks(), deploymentChecks()]);
      const needed = options.for === 'deploy' ? [...run.slice(0, 2), ...deploy.map(needs)] : run;
      const good = allWell(needed);
      const checks = options.for === 'deploy' ? needed : [...run, ...deploy];
      const what = options.for === 'deploy' ? 'deploy Crossdock: crossdock deploy-check' : 'run Crossdock: npm start';
      return checkReport(checks, good ? `this machine can ${what}` : 'something is missing', good ? 0 : 1);
    }),
  );

/** What may wait for a local run may not wait for a deployment. */
const needs = (check: Check): Check => (check.state === 'later' ? { ...check, state: 'wrong' } : check);
