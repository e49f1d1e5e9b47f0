import * as z from 'zod/mini';
import { BusinessError } from '#core/kernel/errors.ts';
import type { Operation } from '#core/operations/operation.ts';
import type { JournalContent } from '#core/settlements/posting.ts';
import type { Calls, Values } from './calls.ts';
import type { Workbench } from './document.ts';
import { bearsKey, describedAs, keyPattern } from './external-key.ts';
import { TrytonFailure } from './failure.ts';
import { amountsOf, assertBalanced, entriesOf, sameTexts, type WantedLine, wantedLines } from './journal-lines.ts';
import type { Made } from './outcome.ts';
import { openPeriod } from './period.ts';
import { dateOf, decimal, id, idIn, reference } from './wire.ts';

const MOVE = 'account.move';

const HEADER = {
  state: z.enum(['draft', 'posted']),
  description: z.nullable(z.string()),
  origin: reference,
};
const NUMBER = z.nullable(z.string());
const SHAPES = { number: { ...HEADER, number: NUMBER }, post_number: { ...HEADER, post_number: NUMBER } };
const LINE_SHAPE = { account: id, debit: decimal, credit: decimal };

type Move = Awaited<ReturnType<typeof ourMove>> & object;

/**
 * `erp/journal`: one balanced journal entry, posted. Tryton has no unique field on entries, so the operation's key begins
 * the entry's description; the operation's lease keeps two attempts apart, and two entries under one key are refused.
 *
 * The content is proved balanced before anything is asked of the ERP, and line by line compared with the draft before it
 * is posted and with the posted entry after: a posted one can't be taken back, and on SQLite Tryton posts any.
 */
export async function postJournal(calls: Calls, bench: Workbench, operation: Operation): Promise<Made> {
  const content = operation.content as unknown as JournalContent;
  assertBalanced(content);
  const standing = await ourMove(calls, operation.key);
  if (standing?.state === 'posted') return await proven(calls, standing, content);

  const { company } = await bench.directory.shop(calls);
  const wanted = await wantedLines(calls, bench, company, content);
  const period = await openPeriod(calls, company, content.date);
  const draft = standing ?? (await created(calls, bench, operation, { company, period, wanted }));
  await assertAsWanted(calls, draft, wanted, content);
  await calls.press(MOVE, 'post', [draft.id]);

  const posted = await ourMove(calls, operation.key);
  if (posted?.state === 'posted') return await proven(calls, posted, content);
  throw new BusinessError(
    'ERP_STATE_UNCHANGED',
    `${label(draft, content)} is not posted although the ERP was asked to: see in the ERP what keeps it`,
  );
}

export async function findJournal(calls: Calls, operation: Operation): Promise<Made | undefined> {
  const content = operation.content as unknown as JournalContent;
  const move = await ourMove(calls, operation.key);
  return move?.state === 'posted' ? await proven(calls, move, content) : undefined;
}

/** The entry under a key. What reverses it was copied from it, description and all, and points back at it. */
async function ourMove(calls: Calls, key: string) {
  const ours = (await movesAlike(calls, key)).filter(({ description }) => bearsKey(description, key));
  const ids = new Set(ours.map((move) => move.id));
  const entries = ours.filter(({ origin }) => !ids.has(idIn(origin, MOVE) ?? 0));
  if (entries.length <= 1) return entries[0];
  throw new BusinessError(
    'DUPLICATE_JOURNALS',
    `the ERP has ${entries.length} journal entries of ${key} (ids ${entries.map((move) => move.id).join(', ')}): delete the drafts or reverse the posted ones that are too many there, then retry the operation`,
  );
}

async function movesAlike(calls: Calls, key: string) {
  const { entryNumber } = await calls.series();
  const domain = [['description', 'like', keyPattern(key)]];
  const inOrder = { order: [['id', 'ASC']] } as const;
  if (entryNumber === 'number') return await calls.find(MOVE, domain, SHAPES.number, inOrder);
  const found = await calls.find(MOVE, domain, SHAPES.post_number, inOrder);
  return found.map(({ post_number: number, ...move }) => ({ ...move, number }));
}

type Place = { readonly company: number; readonly period: number; readonly wanted: readonly WantedLine[] };

async function created(
  calls: Calls,
  { directory, settings }: Workbench,
  { key, content: given }: Operation,
  { company, period, wanted }: Place,
): Promise<Move> {
  const content = given as unknown as JournalContent;
  const values: Values = {
    company,
    period,
    journal: await directory.journal(calls, settings.settlements?.journal ?? ''),
    date: dateOf(content.date),
    description: describedAs(key, content.description),
    ...(content.adjusts !== undefined && { origin: await firstPosting(calls, content.adjusts) }),
    lines: [['create', wanted.map((line) => line.values)]],
  };
  try {
    await calls.create(MOVE, values);
  } catch (error) {
    // Tryton refuses a period that was closed since it was asked for as any other value; asked again, it says which.
    if (error instanceof TrytonFailure && error.code === 'ERP_VALUE_REFUSED') {
      await openPeriod(calls, company, content.date);
    }
    throw error;
  }
  const draft = await ourMove(calls, key);
  if (draft) return draft;
  throw new BusinessError(
    'JOURNAL_GONE',
    `the journal entry of ${key} disappeared from the ERP while it was worked on`,
  );
}

/**
 * The posted entry that an adjustment refers to, for whoever reads the books. It may not be there: refused or put off, and
 * overtaken by its adjustment, or made by hand without its key. Nothing in the adjustment's amounts depends on it.
 */
async function firstPosting(calls: Calls, key: string): Promise<string | null> {
  const first = await ourMove(calls, key);
  return first?.state === 'posted' ? `${MOVE},${first.id}` : null;
}

/** What an earlier attempt left behind is posted as it is or not at all: accounts or amounts may have changed since. */
async function assertAsWanted(
  calls: Calls,
  draft: Move,
  wanted: readonly WantedLine[],
  content: JournalContent,
): Promise<void> {
  if (sameTexts(entriesOf(await linesOf(calls, draft)), entriesOf(wanted))) return;
  throw new BusinessError(
    'JOURNAL_DIFFERS',
    `${label(draft, content)} has other accounts or amounts in the ERP than the settlement asks for: delete the draft there, then retry the operation`,
  );
}

async function proven(calls: Calls, posted: Move, content: JournalContent): Promise<Made> {
  const lines = await linesOf(calls, posted);
  if (!sameTexts(amountsOf(lines), amountsOf(content))) {
    throw new BusinessError(
      'TOTAL_MISMATCH',
      `${label(posted, content)} is posted in the ERP with other amounts than the settlement's: correct it in the ERP's books, then settle the operation by hand`,
    );
  }
  return { ref: String(posted.id), facts: { number: posted.number ?? '' } };
}

const linesOf = (calls: Calls, { id: move }: Move) =>
  calls.find('account.move.line', [['move', '=', move]], LINE_SHAPE);

const label = (move: Move, { settlement, part }: JournalContent): string =>
  `journal entry ${move.number ?? `with id ${move.id}`} (${part} of settlement ${settlement.settlementId})`;
