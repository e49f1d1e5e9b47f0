import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { PlannedOperation } from '#core/operations/operation.ts';
import type { Exchange } from '../tape.ts';
import type { OperationUnderTest } from '../under-test.ts';

/** As `record/tryton.ts` wrote it down at a real server. */
export type RecordedExchange = {
  readonly method: string;
  readonly path: string;
  /** It went out with the session that the login had opened. */
  readonly session?: boolean;
  readonly params: readonly unknown[];
  readonly status: number;
  readonly answer: unknown;
};

type RecordedTape = {
  readonly now: string;
  readonly operation: PlannedOperation;
  readonly outcome: { readonly kind: string } & OperationUnderTest['outcome'];
} & Readonly<Record<'absent' | 'applied' | 'found' | 'standing', readonly RecordedExchange[]>>;

const READS = /\.(version|login|get_preferences|search_read|read)$/;
const LOGIN = /^common\.|\.get_preferences$/;
/** What the connector looks up by code or name, and remembers. */
const MASTER_DATA =
  /^model\.(web\.shop|company\.company|party\.party|stock\.location|currency\.currency|account\.(tax|account|journal)|product\.product)\./;

export const isLogin = ({ name }: Exchange): boolean => LOGIN.test(name);

export function recorded(name: string): OperationUnderTest & { readonly now: string } {
  const file = new URL(`../fixtures/tryton/${name}.json`, import.meta.url);
  const tape = JSON.parse(readFileSync(file, 'utf8')) as RecordedTape;
  const { kind: _kind, ...outcome } = tape.outcome;
  const user = userIn(tape.absent);
  const exchanges = (list: readonly RecordedExchange[]) => list.map((one) => exchange(one, user));
  return {
    now: tape.now,
    operation: tape.operation,
    outcome,
    absent: exchanges(tape.absent),
    applied: exchanges(tape.applied),
    found: exchanges(tape.found),
    standing: exchanges(tape.standing),
  };
}

/** The ERP's id of our user, as the login answered it. */
function userIn(tape: readonly RecordedExchange[]): number {
  const login = tape.find(({ method }) => method === 'common.db.login')?.answer as { result: [number] } | undefined;
  return login?.result[0] ?? 0;
}

export function exchange({ method, path, session, params, status, answer }: RecordedExchange, user: number): Exchange {
  const authorization = `Session ${Buffer.from(`crossdock:${user}:session`).toString('base64')}`;
  return {
    name: method,
    request: {
      path,
      ...(session && { headers: { authorization } }),
      body: { id: expect.any(Number), method, params },
    },
    answer: { status, body: answer },
    ...(!READS.test(method) && { effect: true }),
    ...((LOGIN.test(method) || MASTER_DATA.test(method)) && { kept: true }),
  };
}
