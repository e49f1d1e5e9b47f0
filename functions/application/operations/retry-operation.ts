import type { Operation, OperationKind } from '#core/operations/operation.ts';
import { afterExecute, deferred, replan } from '#core/operations/protocol.ts';
import type { OperationQueue } from '../ports/queues.ts';
import type { Clock } from '../ports/runtime.ts';
import type { OperationStore } from '../ports/store.ts';
import type { Subjects } from './subjects.ts';

export type OperatorPorts = {
  readonly operations: OperationStore;
  readonly subjects: Subjects;
  readonly queue: OperationQueue;
  readonly clock: Clock;
};

export type OperatorAnswer = { readonly done: boolean; readonly message: string; readonly operation?: Operation };

/** Plans a rejected operation again under its old key, after a person has mended the cause. Writes only when `apply`. */
export async function retryOperation(ports: OperatorPorts, key: string, apply: boolean): Promise<OperatorAnswer> {
  const row = await ports.operations.get(key);
  if (!row) return { done: false, message: `no operation ${key}: list them with "crossdock operations list"` };
  const again = replan(row, ports.clock.now());
  if (!again)
    return {
      done: false,
      message: `${key} is ${row.status}: only a rejected operation can be tried again`,
      operation: row,
    };
  if (!apply) return { done: false, message: `would plan ${key} again (dry run: add --apply)`, operation: again };
  const refused = await ports.subjects.replan(again, row.revision, ports.clock.now());
  if (refused) return { done: false, message: `${key} can't be tried again: ${refused.message}`, operation: row };
  await ports.queue.send(again.target, [key]);
  return { done: true, message: `${key} is planned again`, operation: again };
}

export type Resolution = { readonly kind: 'applied'; readonly ref: string } | { readonly kind: 'not-applied' };

/**
 * Documents that a person can make in the ERP's books in the place of a refused one. A refusal lets go of nothing that would
 * have to be taken again, and what planned them takes the late word. Refunds have verbs of their own.
 */
const MADE_BY_HAND: readonly OperationKind[] = ['erp/journal', 'erp/supplier-claim'];

const isResolvable = ({ status, kind }: Operation, { kind: word }: Resolution): boolean =>
  status === 'unknown' || (status === 'rejected' && word === 'applied' && MADE_BY_HAND.includes(kind));

/**
 * A person's word on an operation whose outcome nobody could find out: it happened, under this id of the partner, or it
 * did not and may be called again. Of a refused document of the books: it was made by hand, under this id.
 */
export async function resolveOperation(
  ports: OperatorPorts,
  key: string,
  resolution: Resolution,
  apply: boolean,
): Promise<OperatorAnswer> {
  const row = await ports.operations.get(key);
  if (!row) return { done: false, message: `no operation ${key}: list them with "crossdock operations list"` };
  if (!isResolvable(row, resolution)) {
    const only = `only one with an unknown outcome can be resolved, or as applied a refused one of ${MADE_BY_HAND.join(', ')}`;
    return { done: false, message: `${key} is ${row.status}: ${only}`, operation: row };
  }
  const now = ports.clock.now();
  if (resolution.kind === 'applied') {
    const ended = afterExecute(row, { kind: 'applied', ref: resolution.ref }, { read: 'impossible' }, now);
    if (!apply)
      return { done: false, message: `would settle ${key} as applied (dry run: add --apply)`, operation: ended };
    await ports.subjects.settle(ended, row.revision, now);
    return { done: true, message: `${key} is settled as applied`, operation: ended };
  }
  const { unknownSince: _settled, ...rest } = deferred(row, now, 0, {
    code: 'RESOLVED_NOT_APPLIED',
    message: 'a person found that it did not happen',
  });
  if (!apply) return { done: false, message: `would call ${key} again (dry run: add --apply)`, operation: rest };
  if (!(await ports.operations.save(rest, row.revision)))
    return { done: false, message: `${key} changed meanwhile: look again` };
  await ports.queue.send(row.target, [key]);
  return { done: true, message: `${key} will be called again`, operation: rest };
}
