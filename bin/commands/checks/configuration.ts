import { readFileSync } from 'node:fs';
import path from 'node:path';
import { accountFor, parseSettings as parseTryton } from '#connectors/erps/tryton/settings.ts';
import { ACCOUNT_ROLES } from '#core/settlements/posting.ts';
import { connectorsOf } from '../../../lib/config/accounts.ts';
import { ConfigurationError, loadStage } from '../../../lib/config/load.ts';
import { LOCAL, type Stage } from '../../../lib/config/stage.ts';
import { PROJECT_ROOT } from '../../local/cache.ts';
import { type Check, later, ok, wrong } from './check.ts';

const NAME = 'configuration';

/** The stage as `cdk deploy` would read it, with the checks that its words alone allow. */
export function checkConfiguration(name: string, configFile?: string): { stage?: Stage; checks: Check[] } {
  const { context } = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'cdk.json'), 'utf8'));
  const given: Record<string, unknown> = { ...context, stage: name, config: configFile };
  try {
    const stage = loadStage({ tryGetContext: (key: string) => given[key] });
    const accounts = connectorsOf(stage.accounts).flatMap((connector) =>
      stage.accounts[connector].map(({ account }) => `${connector}/${account}`),
    );
    return {
      stage,
      checks: [
        ok(NAME, `valid, with ${accounts.join(', ')}`),
        ...exampleChecks(stage),
        ...bookChecks(stage),
        ...fraudChecks(stage),
        alarmCheck(stage),
      ],
    };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { checks: [wrong(NAME, error.message, 'correct it in cdk.json, or in the file of -c config=FILE')] };
  }
}

const EXAMPLE = /(^|[./])example\.(com|org|net|myshopify\.com)\b/;

/** Settings that still are the examples that Crossdock comes with. A local run brings its own accounts. */
function exampleChecks({ name, accounts }: Stage): Check[] {
  if (name === LOCAL) return [];
  return connectorsOf(accounts).flatMap((connector) =>
    accounts[connector].flatMap(({ account, settings }) =>
      Object.entries(settings)
        .filter(([, value]) => typeof value === 'string' && EXAMPLE.test(value))
        .map(([setting, value]) =>
          wrong(
            `settings of ${connector}/${account}`,
            `${setting} is still the example "${String(value)}"`,
            `give your own in cdk.json: context.stages.${name}.accounts.${connector}`,
          ),
        ),
    ),
  );
}

/** Settlements are posted by an account map; without one, or without a role of it, their journals are rejected. */
function bookChecks({ name, accounts }: Stage): Check[] {
  return accounts.tryton.map(({ account, settings }) => {
    const what = `account map of tryton/${account}`;
    const map = parseTryton(settings).settlements?.accounts;
    const fix = `name an account for each: context.stages.${name}.accounts.tryton, settlements.accounts in cdk.json`;
    if (name === LOCAL) return ok(what, 'comes with the run');
    if (map === undefined) return later(what, 'none: settlements can not be posted', fix);
    const lacking = ACCOUNT_ROLES.filter((role) => accountFor(map, role) === undefined);
    if (lacking.length > 0) return later(what, `no account for ${lacking.join(', ')}`, fix);
    return ok(what, `an account for each of the ${ACCOUNT_ROLES.length} roles`);
  });
}

function fraudChecks({ fraud: { ruleSets } }: Stage): Check[] {
  const sets = ruleSets.map(({ name, version, mode }) => `${name} ${version} (${mode})`);
  return [ok('fraud rules', sets.length === 0 ? 'none: nobody is judged' : sets.join(', '))];
}

function alarmCheck({ name, alarms }: Stage): Check {
  if (alarms.email !== undefined || name === LOCAL)
    return ok('alarms', alarms.email ? 'somebody is told' : 'none here');
  return later('alarms', 'nobody is told of them', `name somebody: context.stages.${name}.alarms.email in cdk.json`);
}
