import { afterAll, beforeAll, describe } from 'vitest';
import { bookings } from './suites/booking.ts';
import { concurrency } from './suites/concurrency.ts';
import { cycle } from './suites/cycle.ts';
import { journals } from './suites/journal.ts';
import { lostAnswers } from './suites/lost-answer.ts';
import { outcomes } from './suites/outcomes.ts';
import { reads } from './suites/reader.ts';
import { settlements } from './suites/settlement.ts';
import { supplierClaims } from './suites/supplier-claim.ts';
import { type Erp, openErp, START_TIMEOUT } from './support/erp.ts';

// The database of the quick demo, and a good adversary: here the ERP takes no locks and posts what does not balance.
describe('Tryton on SQLite', () => {
  let erp: Erp;

  beforeAll(async () => {
    erp = await openErp('sqlite');
  }, START_TIMEOUT);
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
