import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../functions/topology.ts';
import { routingJson } from '../../lib/config/accounts.ts';
import { bundleOptions } from '../../lib/config/bundling.ts';
import { synthesize } from './support/synth.ts';

const core = synthesize('dev').template('Core');

/** What Powertools and Node read, and what is there for people who look at a function. */
const FOR_LIBRARIES = /^POWERTOOLS_|^NODE_OPTIONS$|^CROSSDOCK_STAGE$/;

const given = (id: string): string[] =>
  Object.keys(core.at(`${id.replace('/', '-')}/Function/Resource`).resource.Properties.Environment.Variables);

function bundleOf(entry: string): string {
  const options = bundleOptions(entry, join('/not-written', entry), { faults: false });
  return new TextDecoder().decode(buildSync({ ...options, write: false }).outputFiles?.[0]?.contents);
}

describe('the environment', () => {
  it('holds the nursery small in the functions that the topology says, and in no other', () => {
    const held = FUNCTIONS.filter(({ id }) => given(id).includes('NODE_OPTIONS')).map(({ id }) => id);
    expect(held).toEqual(FUNCTIONS.filter(({ nurseryMb }) => nurseryMb !== undefined).map(({ id }) => id));
    expect(held).toContain('settlements/import');
  });

  it('says of which accounts payouts are fetched without a person', () => {
    const { stage } = synthesize('dev').crossdock;
    const account = (name: string, more: object) => ({
      account: name,
      settings: { shopDomain: `${name}.myshopify.com`, ...more },
    });
    const shopify = [account('main', { payouts: { from: '2026-11-01' } }), account('eu', {})];
    const routing = JSON.parse(routingJson({ ...stage, accounts: { ...stage.accounts, shopify } }));
    expect(routing).toEqual({ ...stage.routing, collected: ['shopify/main'] });
  });

  it('tells the function that escalates how long the first pause is', () => {
    const { Variables } = core.at('returns-step-return/Function/Resource').resource.Properties.Environment;
    expect(Variables.WORKFLOW_PAUSE_SECONDS).toBe('300');
  });

  it.each(FUNCTIONS.map(({ id, entry }) => [id, entry] as const))(
    'of %s holds nothing that its bundle does not read',
    (id, entry) => {
      const bundle = bundleOf(entry);
      const names = given(id).filter((name) => !FOR_LIBRARIES.test(name));
      expect(names.filter((name) => !bundle.includes(name))).toEqual([]);
    },
  );
});
