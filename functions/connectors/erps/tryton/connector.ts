import type { CallContext, ErpReader, OperationExecutor } from '#application/ports/connector.ts';
import type { Clock } from '#application/ports/runtime.ts';
import type { MaintenanceWindow } from '#core/operations/maintenance.ts';
import type { Operation, OperationKind, Outcome, ProbeAnswer, ProbePolicy } from '#core/operations/operation.ts';
import { Calls } from './calls.ts';
import { TrytonClient } from './client.ts';
import { findCreditMemo, postCreditMemo } from './credit-memo.ts';
import { Directory } from './directory.ts';
import type { Workbench } from './document.ts';
import { findItemReceipt, receiveItems } from './item-receipt.ts';
import { manifest } from './manifest.ts';
import { ask, attempt, type Made } from './outcome.ts';
import { TrytonReader } from './reader.ts';
import { bookSalesOrder, findSalesOrder } from './sales-order.ts';
import type { TrytonSettings } from './settings.ts';
import { findStockMove, moveStock } from './stock-move.ts';

/** Ten times the largest answer seen: a poll of 100 shipments with their moves. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export type TrytonAccount = {
  readonly settings: TrytonSettings;
  /** The account's secret, JSON text `{"password": "…"}`. */
  readonly secret: () => Promise<string>;
  readonly clock: Clock;
};

/** One Tryton account: its operations and its reads, over one session. Make it once a sandbox. */
export function trytonConnector({ settings, secret, clock }: TrytonAccount): {
  executor: OperationExecutor;
  reader: ErpReader;
} {
  const { url, database, user, acknowledgeWarnings } = settings;
  const { callTimeoutSeconds } = manifest.limits;
  const client = new TrytonClient({
    url,
    database,
    user,
    secret,
    callTimeoutSeconds,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  const callsWithin = (signal: AbortSignal): Calls => new Calls(client, signal, acknowledgeWarnings);
  const bench: Workbench = { settings, directory: new Directory(settings, () => Date.parse(clock.now())) };
  return {
    executor: new TrytonExecutor(bench, callsWithin),
    reader: new TrytonReader(bench, callsWithin, clock),
  };
}

type Handling = {
  execute(calls: Calls, bench: Workbench, operation: Operation, context: CallContext): Promise<Made>;
  find(calls: Calls, bench: Workbench, operation: Operation): Promise<Made | undefined>;
};

const HANDLINGS: Readonly<Partial<Record<OperationKind, Handling>>> = {
  'erp/sales-order': {
    execute: bookSalesOrder,
    find: (calls, _bench, operation) => findSalesOrder(calls, operation),
  },
  'erp/item-receipt': {
    execute: receiveItems,
    find: (calls, _bench, operation) => findItemReceipt(calls, operation),
  },
  'erp/credit-memo': {
    execute: (calls, bench, operation, { now }) => postCreditMemo(calls, bench, operation, now),
    find: (calls, _bench, operation) => findCreditMemo(calls, operation),
  },
  'erp/stock-move': { execute: moveStock, find: findStockMove },
};

class TrytonExecutor implements OperationExecutor {
  readonly kinds = Object.keys(HANDLINGS) as OperationKind[];
  readonly maintenance: readonly MaintenanceWindow[];
  readonly #bench: Workbench;
  readonly #callsWithin: (signal: AbortSignal) => Calls;

  constructor(bench: Workbench, callsWithin: (signal: AbortSignal) => Calls) {
    this.#bench = bench;
    this.maintenance = bench.settings.maintenance;
    this.#callsWithin = callsWithin;
  }

  probePolicy(kind: OperationKind): ProbePolicy {
    return manifest.operations[kind] ?? { read: 'impossible' };
  }

  async execute(operation: Operation, context: CallContext): Promise<Outcome> {
    const calls = this.#callsWithin(context.signal);
    return await attempt(calls, () => handling(operation).execute(calls, this.#bench, operation, context));
  }

  async probe(operation: Operation, context: CallContext): Promise<ProbeAnswer> {
    const calls = this.#callsWithin(context.signal);
    return await ask(() => handling(operation).find(calls, this.#bench, operation));
  }
}

function handling(operation: Operation): Handling {
  const found = HANDLINGS[operation.kind];
  if (found) return found;
  throw new Error(
    `operation ${operation.key} of kind ${operation.kind} was routed to an ERP that does not carry it out`,
  );
}
