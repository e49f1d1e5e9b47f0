import type { CallContext, OperationExecutor } from '#application/ports/connector.ts';
import type { MaintenanceWindow } from '#core/operations/maintenance.ts';
import type { Operation, OperationKind, Outcome, ProbeAnswer, ProbePolicy } from '#core/operations/operation.ts';
import type { TrytonAccess } from './access.ts';
import type { Calls } from './calls.ts';
import { findCreditMemo, postCreditMemo } from './credit-memo.ts';
import type { Workbench } from './document.ts';
import { findItemReceipt, receiveItems } from './item-receipt.ts';
import { findJournal, postJournal } from './journal.ts';
import { manifest } from './manifest.ts';
import { ask, attempt, type Made } from './outcome.ts';
import { bookSalesOrder, findSalesOrder } from './sales-order.ts';
import { findStockMove, moveStock } from './stock-move.ts';
import { draftSupplierClaim, findSupplierClaim } from './supplier-claim.ts';

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
  'erp/journal': {
    execute: postJournal,
    find: (calls, _bench, operation) => findJournal(calls, operation),
  },
  'erp/supplier-claim': {
    execute: draftSupplierClaim,
    find: (calls, _bench, operation) => findSupplierClaim(calls, operation),
  },
};

/** Carries out the operations of one account. */
export class TrytonExecutor implements OperationExecutor {
  readonly kinds = Object.keys(HANDLINGS) as OperationKind[];
  readonly maintenance: readonly MaintenanceWindow[];
  readonly #bench: Workbench;
  readonly #callsWithin: (signal: AbortSignal) => Calls;

  constructor({ bench, callsWithin }: TrytonAccess) {
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
