import { afterAll, beforeAll, describe } from 'vitest';
import { bookings } from '../../integration/tryton/suites/booking.ts';
import { concurrency } from '../../integration/tryton/suites/concurrency.ts';
import { cycle } from '../../integration/tryton/suites/cycle.ts';
import { journals } from '../../integration/tryton/suites/journal.ts';
import { lostAnswers } from '../../integration/tryton/suites/lost-answer.ts';
import { outcomes } from '../../integration/tryton/suites/outcomes.ts';
import { reads } from '../../integration/tryton/suites/reader.ts';
import { settlements } from '../../integration/tryton/suites/settlement.ts';
import { supplierClaims } from '../../integration/tryton/suites/supplier-claim.ts';
import type { Erp } from '../../integration/tryton/support/erp.ts';
import { openSimulated } from '../../integration/tryton/support/simulated.ts';

// The suites that hold of a real Tryton hold of the simulated one, on both databases: so it can't drift from the ERP.
describe.each(['postgresql', 'sqlite'] as const)('a simulated Tryton with the guarantees of %s', (database) => {
  let erp: Erp;

  beforeAll(async () => {
    erp = await openSimulated(database);
  });
  afterAll(async () => await erp?.close());

  describe('order to cash and back', () => cycle(() => erp));
  describe('other outcomes of a return', () => outcomes(() => erp));
  describe('booking', () => bookings(() => erp));
  describe('an answer that is lost on the way', () => lostAnswers(() => erp));
  describe('five at once', () => concurrency(() => erp));
  describe('a journal entry', () => journals(() => erp));
  describe('a settlement', () => settlements(() => erp));
  describe('a claim on a supplier', () => supplierClaims(() => erp));
  describe('what the ERP tells', () => reads(() => erp));
});
