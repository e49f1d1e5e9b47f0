import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineForTests } from '../support/engine.ts';
import { badInput } from './suites/bad-input.ts';
import { commandLine } from './suites/command-line.ts';
import { durability } from './suites/durability.ts';
import { journey } from './suites/journey.ts';
import { privacy } from './suites/privacy.ts';
import { settlements } from './suites/settlements.ts';
import { openTown, type Town } from './support/town.ts';

/** The whole stack, deployed by the plain CDK command line. */
const { name, why } = await engineForTests();
console.log(`end to end on ${name}: ${why}`);

describe(`end to end on ${name}`, () => {
  let town: Town | undefined;
  const here = (): Town => {
    if (!town) throw new Error('the world did not open');
    return town;
  };

  beforeAll(async () => {
    town = await openTown({ engine: name, faults: true, config: { drillSeconds: 12 } });
  });
  afterAll(async () => town?.close());

  it('runs on the engine that was asked for', () => expect(here().world.engine.name).toBe(name));

  journey(here);
  durability(here);
  badInput(here);
  settlements(here);
  commandLine(here);
  privacy(here);
});
