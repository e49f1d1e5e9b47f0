import { afterAll, beforeAll, describe } from 'vitest';
import { concurrency } from './suites/concurrency.ts';
import { journals } from './suites/journal.ts';
import { lostAnswers } from './suites/lost-answer.ts';
import { reads } from './suites/reader.ts';
import { settlements } from './suites/settlement.ts';
import { supplierClaims } from './suites/supplier-claim.ts';
import { type Erp, openErp, START_TIMEOUT } from './support/erp.ts';

// As in production: what needs locks and exact decimals of the ERP is tried here too.
describe('Tryton on PostgreSQL', () => {
  let erp: Erp;

  beforeAll(async () => {
    erp = await openErp('postgresql');
  }, START_TIMEOUT);
  afterAll(async () => await erp?.close());

  describe('an answer that is lost on the way', () => lostAnswers(() => erp));
  describe('five at once', () => concurrency(() => erp));
  describe('a journal entry', () => journals(() => erp));
  describe('a settlement', () => settlements(() => erp));
  describe('a claim on a supplier', () => supplierClaims(() => erp));
  describe('what the ERP tells', () => reads(() => erp));
});
