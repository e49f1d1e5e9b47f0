import { type SettlementId, settlementPath } from './line.ts';

/**
 * Roles of the accounts that a settlement posts to. Which account of the ERP stands for a role is the account map in the
 * ERP account's settings; a role may be made narrower (`fee/commission`), and the map falls back to the role before "/".
 */
export const ACCOUNT_ROLES = [
  /** What the channel owes for orders that the ERP has invoiced: sale, delivery, own tax, discounts and refunds clear it. */
  'receivable',
  /** The bank, or the account in which a deposit waits for the bank statement. */
  'deposit',
  'fee',
  'advertising',
  'chargeback',
  'adjustment',
  'reserve',
  /** Tax that the marketplace collects and remits: what is collected and what is withheld meet here. */
  'marketplace-tax',
  /** What of a settlement belongs to another month, until that month's journal takes it over. */
  'in-transit',
] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

export type JournalLine = {
  /** A role, or one made narrower: `fee/commission`. */
  readonly account: AccountRole | `${AccountRole}/${string}`;
  /** Minor units: a debit is above zero, a credit below, none is zero. */
  readonly amount: number;
  /** What a bookkeeper reads; ids only, nothing personal. */
  readonly label: string;
};

/** The content of `erp/journal`: one balanced move, posted. */
export type JournalContent = {
  readonly settlement: SettlementId;
  /** Names the move among those of its settlement: `2026-10` (a month's part), `adjustment/1/2026-11`. */
  readonly part: string;
  /** Operation key of the first posting that this one adjusts. */
  readonly adjusts?: string;
  /** YYYY-MM-DD, in the month that it belongs to. */
  readonly date: string;
  readonly currency: string;
  readonly description: string;
  /** Sum of amounts is zero; an ERP's connector refuses anything else before it calls. */
  readonly lines: readonly JournalLine[];
};

/** `erp/journal/<channel>/<account>/<settlement>/<part>`. */
export const journalKey = (id: SettlementId, part: string): string => `erp/journal/${settlementPath(id)}/${part}`;
