import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINE_NAMES, type EngineName } from '../../bin/local/engines/engine.ts';
import { chooseEngine } from '../../bin/local/engines/index.ts';
import { badInput } from './suites/bad-input.ts';
import { commandLine } from './suites/command-line.ts';
import { durability } from './suites/durability.ts';
import { journey } from './suites/journey.ts';
import { privacy } from './suites/privacy.ts';
import { openTown, type Town } from './support/town.ts';

/**
 * The whole stack, deployed by the plain CDK command line to LocalStack where this machine can run it, else to MiniStack.
 * `CROSSDOCK_E2E_ENGINE` insists on one; CI insists on LocalStack.
 */
const wanted = process.env.CROSSDOCK_E2E_ENGINE as EngineName | undefined;
const { name, why } = wanted ? { name: wanted, why: 'CROSSDOCK_E2E_ENGINE asks for it' } : await chooseEngine();
console.log(`end to end on ${name}: ${why}`);

describe(`end to end on ${name}`, () => {
  let town: Town | undefined;
  const here = (): Town => {
    if (!town) throw new Error('the world did not open');
    return town;
  };

  beforeAll(async () => {
    expect(ENGINE_NAMES, 'CROSSDOCK_E2E_ENGINE').toContain(name);
    town = await openTown({ engine: name, faults: true, config: { drillSeconds: 12 } });
  });
  afterAll(async () => town?.close());

  it('runs on the engine that was asked for', () => expect(here().world.engine.name).toBe(name));

  journey(here);
  durability(here);
  badInput(here);
  commandLine(here);
  privacy(here);
});
