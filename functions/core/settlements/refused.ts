import { PoisonError } from '../kernel/errors.ts';

/** Why a settlement file is refused whole; listed in docs/codes.md. */
export const REFUSAL_CODES = [
  'SETTLEMENT_ENCODING',
  'SETTLEMENT_HEADER',
  'SETTLEMENT_COLUMNS',
  'SETTLEMENT_ROW',
  'SETTLEMENT_AMOUNT',
  'SETTLEMENT_DECIMALS_AMBIGUOUS',
  'SETTLEMENT_DATE',
  'SETTLEMENT_CURRENCY',
  'SETTLEMENT_SUMMARY',
  'SETTLEMENT_TRUNCATED',
  'SETTLEMENT_CONTROL_TOTAL',
  'SETTLEMENT_TOO_LARGE',
  'SETTLEMENT_MAPPING',
  'SETTLEMENT_EMPTY',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** A settlement file that is not taken: the reason, and the line of the file that shows it. */
export class SettlementRefused extends PoisonError {
  /** 1-based, the header being line 1; left out for what is wrong with the whole. */
  readonly line: number | undefined;

  constructor(code: RefusalCode, line: number | undefined, message: string) {
    super(code, line === undefined ? message : `line ${line}: ${message}`, { context: { line } });
    this.line = line;
  }
}
