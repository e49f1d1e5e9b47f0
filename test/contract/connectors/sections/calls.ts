import type { OperationExecutor } from '#application/ports/connector.ts';
import type { ConnectorManifest } from '#connectors/manifest.ts';
import type { OperationKind, Outcome, PlannedOperation, ProbeAnswer } from '#core/operations/operation.ts';
import { plan } from '#core/operations/protocol.ts';
import { MemoryClock } from '#platform/memory/runtime.ts';
import { type Answer, type Exchange, Tape } from '../tape.ts';
import type { OperationKindUnderTest, OperationsUnderTest, OperationUnderTest } from '../under-test.ts';

export type OperationSubject = {
  readonly manifest: ConnectorManifest;
  readonly partner: OperationsUnderTest;
  readonly kind: OperationKind;
  readonly under: OperationKindUnderTest;
};

type Changes = { readonly signal?: AbortSignal };

const called = (partner: OperationsUnderTest, { signal = new AbortController().signal }: Changes) => ({
  signal,
  now: partner.now,
  personal: async () => undefined,
});

const planned = (operation: PlannedOperation, now: string) => plan(operation, now, 'kit');

/** By a connector that knows nothing yet, over a partner that plays the tape. */
export const execute = (
  partner: OperationsUnderTest,
  { operation }: Pick<OperationUnderTest, 'operation'>,
  tape: readonly Exchange[],
  changes: Changes = {},
): Promise<Outcome> =>
  withConnector(partner, tape, (executor) =>
    executor.execute(planned(operation, partner.now), called(partner, changes)),
  );

export const probe = (
  partner: OperationsUnderTest,
  { operation }: Pick<OperationUnderTest, 'operation'>,
  tape: readonly Exchange[],
  changes: Changes = {},
): Promise<ProbeAnswer> =>
  withConnector(partner, tape, (executor) => executor.probe(planned(operation, partner.now), called(partner, changes)));

export const withConnector = <T>(
  partner: OperationsUnderTest,
  tape: readonly Exchange[],
  work: (executor: OperationExecutor) => Promise<T>,
): Promise<T> => Tape.playing(tape, (url) => work(partner.open(url, new MemoryClock(partner.now))));

/** The tape up to a request, which is answered with something else. */
export const answeredAt = (tape: readonly Exchange[], at: number, answer: Answer): Exchange[] =>
  tape.slice(0, at + 1).map((exchange, index) => (index === at ? { ...exchange, answer } : exchange));
