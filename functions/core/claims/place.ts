import { nextMonth } from '../kernel/calendar.ts';
import { bytesOf, type ClaimId, type ClaimLine, type ClaimState, roomIn } from './claim.ts';

/** A claim of a supplier as it was read. */
export type ReadClaim = { readonly id: ClaimId; readonly state: ClaimState };

export type Changes = { readonly id: ClaimId; readonly put: readonly ClaimLine[]; readonly remove: readonly string[] };

export type ToPlace = {
  readonly returnKey: string;
  /** All that the return gives to claim from this supplier, each with the period of its inspection. */
  readonly wanted: readonly { readonly line: ClaimLine; readonly period: string }[];
  /** The supplier's claims, one a period without a gap, up to one that nobody has begun. */
  readonly claims: readonly ReadClaim[];
};

/**
 * Lays the lines of one return out over a supplier's claims, so that all claims together hold just what the return gives.
 * What closed claims hold stays, and counts; an open one that holds a line keeps it; a new line goes to the first claim from
 * its period on that takes it. Told the same again it changes nothing, and where less is due than a closed claim holds, the
 * difference goes as a negative line to one that is open.
 */
export function placeLines({ returnKey, wanted, claims }: ToPlace): Changes[] {
  const due = new Map(wanted.map(({ line, period }) => [line.key, { line, period }]));
  // What the return no longer gives is due no more.
  for (const { id, state } of claims) {
    for (const line of linesIn(state)) {
      if (line.returnKey === returnKey && !due.has(line.key)) {
        due.set(line.key, { line: { ...line, quantity: 0 }, period: id.period });
      }
    }
  }
  const sheets = claims.map(sheetOf);
  for (const { line, period } of due.values()) {
    const left = line.quantity - sumOf(claims, 'closed', line.key);
    const holders = sheets.filter(({ state }) => state.status === 'open' && holds(state, line.key));
    const target = left === 0 ? undefined : (holders[0] ?? sheetWithRoom(sheets, line, period));
    for (const holder of holders) if (holder !== target) holder.remove.push(line.key);
    // What is taken back is what the supplier was told, at the cost it was told.
    const evidence = left < 0 ? (closedLine(claims, line.key) ?? line) : line;
    target?.put.push({ ...evidence, quantity: left });
  }
  return sheets
    .filter(({ put, remove }) => put.length + remove.length > 0)
    .map(({ id, put, remove }) => ({ id, put, remove }));
}

/** A claim as it is being written. */
type Sheet = ReadClaim & { room: number; readonly put: ClaimLine[]; readonly remove: string[] };

const sheetOf = ({ id, state }: ReadClaim): Sheet => ({ id, state, room: roomIn(state), put: [], remove: [] });

/** The first from a period on that has room for one more line, which is taken; behind the last nobody has begun any. */
function sheetWithRoom(sheets: Sheet[], line: ClaimLine, period: string): Sheet {
  const bytes = bytesOf(line);
  const found = sheets.find(({ id, room }) => id.period >= period && room >= bytes);
  if (found) {
    found.room -= bytes;
    return found;
  }
  const last = sheets.at(-1);
  if (!last) throw new Error(`${line.key} has no claim to go to: read the supplier's claims`);
  sheets.push(sheetOf({ id: { ...last.id, period: nextMonth(last.id.period) }, state: { status: 'none' } }));
  return sheetWithRoom(sheets, line, period);
}

const linesIn = (state: ClaimState): readonly ClaimLine[] => (state.status === 'none' ? [] : state.lines);

const holds = (state: ClaimState, key: string): boolean => linesIn(state).some((line) => line.key === key);

/** The line as the latest closed claim has it. */
const closedLine = (claims: readonly ReadClaim[], key: string): ClaimLine | undefined =>
  claims
    .filter(({ state }) => state.status === 'closed')
    .flatMap(({ state }) => linesIn(state))
    .findLast((line) => line.key === key);

const sumOf = (claims: readonly ReadClaim[], status: ClaimState['status'], key: string): number =>
  claims
    .filter(({ state }) => state.status === status)
    .flatMap(({ state }) => linesIn(state))
    .reduce((sum, line) => (line.key === key ? sum + line.quantity : sum), 0);
