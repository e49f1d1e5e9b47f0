import * as z from 'zod/mini';
import { BusinessError } from '#core/kernel/errors.ts';
import type { Calls } from './calls.ts';
import { dateOf } from './wire.ts';

const SHAPE = { name: z.string(), state: z.enum(['open', 'closed', 'locked']) };

/** The company's period of a day (YYYY-MM-DD); periods of adjustment, which overlap the months, are left to people. */
export async function periodOf(calls: Calls, company: number, day: string) {
  const domain = [
    ['company', '=', company],
    ['type', '=', 'standard'],
    ['start_date', '<=', dateOf(day)],
    ['end_date', '>=', dateOf(day)],
  ];
  const [found] = await calls.find('account.period', domain, SHAPE, { limit: 1, order: [['start_date', 'DESC']] });
  return found;
}

/** Id of the open period of a day. What belongs to a month is never put into another one because the first is closed. */
export async function openPeriod(calls: Calls, company: number, day: string): Promise<number> {
  const period = await periodOf(calls, company, day);
  if (!period) {
    throw new BusinessError(
      'PERIOD_CLOSED',
      `the ERP has no accounting period for ${day}: create it there, then retry the operation`,
    );
  }
  if (period.state === 'open') return period.id;
  throw new BusinessError(
    'PERIOD_CLOSED',
    `accounting period "${period.name}" of ${day} is ${period.state} in the ERP: reopen it there and retry the operation, or have finance decide in which open month it is adjusted`,
  );
}
