import { type SubjectHandler, subjectsByKind } from '#application/operations/subjects.ts';
import type { OperationExecutor } from '#application/ports/connector.ts';
import type { Target } from '#core/operations/operation.ts';
import { DEFAULT_SETTINGS } from '#core/operations/protocol.ts';
import type { OpenOrder } from '#core/orders/state.ts';
import { caseStore, operationStore, pauseStore, stateStore } from '#platform/aws/stores.ts';
import { once, secondsEnv } from '#platform/env.ts';
import type { ExecuteHandlerPorts } from '#platform/handlers/execute.ts';
import { clock, faults, ids, operationQueue, queueControl } from '#platform/handlers/on-aws.ts';

export type Executing = {
  readonly executor: (target: Target) => OperationExecutor;
  /** By the first part of the subject's key: those that plan this partner's operations. */
  readonly subjects: Readonly<Record<string, SubjectHandler>>;
};

/** The ports of an `execute` function of one partner. */
export function executePorts({ executor, subjects }: Executing): ExecuteHandlerPorts {
  const stores = { operations: operationStore(), cases: caseStore() };
  return {
    ...stores,
    subjects: subjectsByKind(subjects, stores),
    pauses: pauseStore(),
    queue: operationQueue(),
    executor,
    // Only an order holds personal data; other subjects point to theirs by ids.
    personal: async (subject) =>
      subject.startsWith('ORDER#') ? (await stateStore().load<OpenOrder>(subject))?.state.personal : undefined,
    settings: { ...DEFAULT_SETTINGS, leaseSeconds: secondsEnv('OPERATION_LEASE_SECONDS') },
    clock,
    ids,
    faults: faults(),
    control: queueControl(),
  };
}

/** Makes something per partner account, once a sandbox. */
export function perAccount<T>(make: (target: Target) => T): (target: Target) => T {
  const made = once(() => new Map<string, T>());
  return (target) => {
    const name = `${target.connector}/${target.account}`;
    const known = made().get(name) ?? make(target);
    made().set(name, known);
    return known;
  };
}
