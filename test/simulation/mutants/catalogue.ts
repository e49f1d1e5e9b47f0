import type { Mutant } from './mutants.ts';

/**
 * The guards that the promise hangs on, each taken out by name. `find` must stand in its file exactly once: a mutant whose
 * text is gone fails the test of this list, so that it follows the code.
 */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'answer-before-storing',
    guards: 'a webhook is answered only after the queue has it',
    invariant: 'I1',
    edits: [
      {
        file: 'functions/platform/handlers/http.ts',
        find: '  await enqueue(JSON.stringify(message), { correlationId });',
        replace: '  void enqueue(JSON.stringify(message), { correlationId }).catch(() => undefined);',
      },
    ],
  },
  {
    name: 'signature-ignored',
    guards: 'a message that no active secret signed changes nothing',
    invariant: 'I1',
    edits: [
      {
        file: 'functions/connectors/channels/shopify/verify.ts',
        find: '    if (!signedByAny(secrets, body, signature)) {',
        replace: '    if (false) {',
      },
    ],
  },
  {
    name: 'partial-batch-ignored',
    guards: 'a message that failed is reported as failed, and stays',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/platform/handlers/queue.ts',
        find: "      log.error('message failed', describe(error));\n      throw error;",
        replace: "      log.error('message failed', describe(error));\n      return;",
      },
    ],
  },
  {
    name: 'passing-trouble-forgotten',
    guards: 'a message put off for passing trouble comes again',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/platform/aws/queue-control.ts',
        find: '    await sendMessage(queueUrl(record), record.body, next.attributes, {',
        replace: '    return;\n    await sendMessage(queueUrl(record), record.body, next.attributes, {',
      },
    ],
  },
  {
    name: 'poison-dropped',
    guards: 'a message that can not be taken is parked in front of a person',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/platform/handlers/queue.ts',
        find: '      await control.park(record, error as CrossdockError, { ...seen, correlationId: correlation.correlationId });',
        replace: '',
      },
    ],
  },
  {
    name: 'version-check-dropped',
    guards: 'a commit is conditional on the version it was decided on',
    invariant: 'I5',
    edits: [
      {
        file: 'functions/platform/aws/commit-items.ts',
        find: "          ConditionExpression: '#version = :expected',",
        replace: "          ConditionExpression: '#version > :expected OR #version <= :expected',",
      },
    ],
  },
  {
    name: 'inbox-outside-the-transaction',
    guards: 'the inbox mark is written with what the message decided',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/platform/aws/commit-items.ts',
        find: '    ...(inbox ? [inboxItem(inbox, now, tables)] : []),',
        replace: '',
      },
    ],
  },
  {
    name: 'stale-version-accepted',
    guards: 'a lower version of the source never overwrites a higher one',
    invariant: 'I5',
    edits: [
      {
        file: 'functions/core/orders/decider.ts',
        find: '  a.updatedAt - b.updatedAt || a.triggeredAt - b.triggeredAt;',
        replace: '  Math.abs(a.updatedAt - b.updatedAt) || Math.abs(a.triggeredAt - b.triggeredAt);',
      },
    ],
  },
  {
    name: 'late-cancellation-lost',
    guards: 'a cancellation counts in whatever order it comes',
    invariant: 'I5',
    edits: [
      {
        file: 'functions/core/orders/decider.ts',
        find: '  const cancelled = order.cancelledAt !== undefined && state.cancelledAt === undefined;',
        replace:
          '  const cancelled = order.cancelledAt !== undefined && state.cancelledAt === undefined && order.version.updatedAt > state.version.updatedAt;',
      },
    ],
  },
  {
    name: 'cancel-before-create-dropped',
    guards: 'an order that arrives cancelled is kept',
    invariant: 'I5',
    edits: [
      {
        file: 'functions/core/orders/decider.ts',
        find: '    return order.cancelledAt ? accepted(captured, cancelledEvent(order)) : accepted(captured);',
        replace: '    return accepted(captured);',
      },
    ],
  },
  {
    name: 'amendment-without-case',
    guards: 'an order that was changed after it was taken is a case',
    invariant: 'I9',
    edits: [
      {
        file: 'functions/core/orders/reactions.ts',
        find: '      return effects({ openCases: [amendedCase(order, event.changes)], closeCases: curedExcesses(order) });',
        replace: '      return NO_EFFECTS;',
      },
    ],
  },
  {
    name: 'shipment-counted-twice',
    guards: 'a shipment that is known is not recorded again',
    invariant: 'I6',
    edits: [
      {
        file: 'functions/core/orders/decider.ts',
        find: "  if (state.shipments.some(({ shipmentId }) => shipmentId === shipment.shipmentId)) return ignored('shipment known');",
        replace: '',
      },
    ],
  },
  {
    name: 'shipment-read-forgotten',
    guards: 'the cursor of a poll moves only when every shipment read was recorded',
    invariant: 'I6',
    edits: [
      {
        file: 'functions/application/orders/poll-shipments.ts',
        find: '  const counts = { read: shipments.length, recorded: 0, refused: 0 };',
        replace:
          '  const counts = { read: shipments.length, recorded: 0, refused: 0 };\n  if (cursor !== before) await ports.cursors.set(`${name}`, new Date(Date.parse(cursor) + 3_600_000).toISOString());',
      },
    ],
  },
  {
    name: 'lease-ignored',
    guards: 'of two executors with one operation only one calls',
    invariant: 'I8',
    edits: [
      {
        file: 'functions/core/operations/protocol.ts',
        find: "  if (operation.status === 'attempting' && operation.lease && operation.lease.until > now) {",
        replace: '  if (false) {',
      },
    ],
  },
  {
    name: 'lease-not-written',
    guards: 'the lease is written, on condition, before the call',
    invariant: 'I3',
    edits: [
      {
        file: 'functions/application/operations/execute-operation.ts',
        find: '  if (!(await ports.operations.save(leased, row.revision)))\n    return',
        replace: '  if (!(await ports.operations.save(leased, row.revision)) && false)\n    return',
      },
    ],
  },
  {
    name: 'new-key-on-retry',
    guards: 'the key that the channel knows a refund by never changes',
    invariant: 'I8',
    edits: [
      {
        file: 'functions/connectors/channels/shopify/idempotency-key.ts',
        find: "export const idempotencyKey = ({ key, generation = 0 }: Pick<Operation, 'key' | 'generation'>): string =>\n  uuidV5(NAMESPACE, generation === 0 ? key : `${key}#${generation}`);",
        replace:
          "export const idempotencyKey = ({ key, revision = 0 }: Pick<Operation, 'key'> & { revision?: number }): string =>\n  uuidV5(NAMESPACE, `${key}#${revision}`);",
      },
    ],
  },
  {
    name: 'refund-known-by-its-attempt',
    guards: 'a refund is looked for, and keyed at the channel, by what it is for',
    invariant: 'I8',
    edits: [
      {
        file: 'functions/connectors/channels/shopify/refund.ts',
        find: '  const ours = refunds.filter(({ note }) => note?.split(/\\s+/).includes(operationKey));',
        replace: '  const ours = refunds.filter(({ note }) => note === operationKey);',
      },
      {
        file: 'functions/connectors/channels/shopify/idempotency-key.ts',
        find: '  uuidV5(NAMESPACE, generation === 0 ? key : `${key}#${generation}`);',
        replace: '  uuidV5(NAMESPACE, `${key}#${generation}#${Math.random()}`);',
      },
    ],
  },
  {
    name: 'fulfilment-by-tracking-alone',
    guards: 'two shipments under one tracking number are two fulfilments',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/connectors/channels/shopify/fulfillment.ts',
        find: '  ...(trackingNumber === undefined || trackingShared ? [shipmentId] : []),',
        replace: '  ...(trackingNumber === undefined ? [shipmentId] : []),',
      },
    ],
  },
  {
    name: 'user-errors-taken-as-applied',
    guards: 'a refusal inside a 200 is a refusal',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/connectors/channels/shopify/fulfillment.ts',
        find: '  if (userErrors.length > 0 && fulfillment === null) {',
        replace:
          "  if (userErrors.length > 0 && fulfillment === null) return { kind: 'applied', ref: 'none' };\n  if (false) {",
      },
    ],
  },
  {
    name: 'lost-answer-taken-as-not-sent',
    guards: 'a call whose answer was lost may have been carried out',
    invariant: 'I8',
    edits: [
      {
        file: 'functions/connectors/erps/tryton/outcome.ts',
        find: "      return changed ? { kind: 'unknown', cause } : { kind: 'unavailable', cause };",
        replace: "      return { kind: 'rejected', reason: { code: 'NO_ANSWER', message: cause } };",
      },
    ],
  },
  {
    name: 'unknown-taken-as-refused',
    guards: 'an outcome that nobody saw is unknown, and holds its money until a probe has settled it',
    invariant: 'I8',
    edits: [
      {
        file: 'functions/core/operations/protocol.ts',
        find: '      return { ...unknown(operation, operation.unknownSince ?? now, now, wait), reason };',
        replace: "      return ended(operation, { status: 'rejected', reason }, now);",
      },
    ],
  },
  {
    name: 'key-of-the-attempt',
    guards: 'the key that the ERP knows an order by is the order, never the attempt',
    invariant: 'I3',
    edits: [
      {
        file: 'functions/connectors/erps/tryton/sale.ts',
        find: "  const values = { ...(await wanted.values()), web_id: wanted.webId, lines: [['create', lines]] };",
        replace:
          "  const values = { ...(await wanted.values()), web_id: `${wanted.webId}-${Math.floor(Math.random() * 1e9)}`, lines: [['create', lines]] };",
      },
    ],
  },
  {
    name: 'ceiling-skipped',
    guards: 'refunds settled and pending stay within what was captured',
    invariant: 'I7',
    edits: [
      {
        file: 'functions/core/orders/decide-refund.ts',
        find: '  const refusal = partsFault(refundId, share) ?? unitsRefusal(share, state) ?? moneyRefusal(share, state);',
        replace: '  const refusal = partsFault(refundId, share);',
      },
    ],
  },
  {
    name: 'refused-refund-keeps-its-money',
    guards: 'a refund that the channel refused frees what it held',
    invariant: 'I7',
    edits: [
      {
        file: 'functions/core/orders/decide-refund.ts',
        find: "  return share.status === 'settled' ? ignored('already settled') : accepted({ type: 'order.refund-freed', refundId });",
        replace: "  return ignored('kept');",
      },
    ],
  },
  {
    name: 'own-refund-counted-as-the-channels',
    guards: 'a refund of ours that the channel reports is confirmed, not recorded once more',
    invariant: 'I7',
    edits: [
      {
        file: 'functions/application/refunds/take-channel-refund.ts',
        find: '  const ours = await findOurs(ports, orderId, note, ref, order.state);',
        replace: '  const ours = (await findOurs(ports, orderId, undefined, `${ref}x`, order.state)) && undefined;',
      },
    ],
  },
  {
    name: 'excess-without-case',
    guards: 'money that was paid back beyond a ceiling is a case at once',
    invariant: 'I7',
    edits: [
      {
        file: 'functions/core/orders/decide-refund.ts',
        find: '  return excessTotal(excess) === 0',
        replace: '  return excessTotal(excess) === excessTotal(excess)',
      },
    ],
  },
  {
    name: 'wrong-rounding',
    guards: 'units of a line sum to the line, to the minor unit, and a ceiling stands behind it',
    invariant: 'I7',
    edits: [
      {
        file: 'functions/core/kernel/money.ts',
        find: '  return upTo(from + count) - upTo(from);',
        replace: '  return Math.round((total / quantity) * count + 0.4999);',
      },
      {
        file: 'functions/core/orders/decide-refund.ts',
        find: ' ?? moneyRefusal(share, state);',
        replace: ' ?? (moneyRefusal(share, state) && undefined);',
      },
    ],
  },
  {
    name: 'relay-ignores-refused-events',
    guards: 'events that the bus refused inside a 200 are published again',
    invariant: 'I20',
    edits: [
      {
        file: 'functions/platform/aws/publisher.ts',
        find: '      if (FailedEntryCount === 0) return [];',
        replace: '      if (FailedEntryCount >= 0) return [];',
      },
    ],
  },
  {
    name: 'relay-loses-its-rows',
    guards: 'journal rows that could not be relayed are kept for another try',
    invariant: 'I20',
    edits: [
      {
        file: 'functions/platform/handlers/stream.ts',
        find: '      const lost = await retryLater(later);',
        replace: '      const lost: unknown[] = [];',
      },
    ],
  },
  {
    name: 'operations-swept-never',
    guards: 'an operation that is due is handed out again',
    invariant: 'I20',
    edits: [
      {
        file: 'functions/application/timers/sweep-timers.ts',
        find: '    await handOut(ports, stillDue, now);',
        replace: '',
      },
    ],
  },
  {
    name: 'throttling-burns-receives',
    guards: 'a message that is put off is sent anew, its receives uncounted',
    invariant: 'I20',
    edits: [
      {
        file: 'functions/platform/aws/queue-control.ts',
        find: "    if (next.do === 'park') return this.park(record, next.error, about);\n",
        replace: "    if (next.do === 'park') return this.park(record, next.error, about);\n    throw error;\n",
      },
    ],
  },
  {
    name: 'refusal-without-case',
    guards: 'a refusal of the ERP is a case',
    invariant: 'I2',
    edits: [
      {
        file: 'functions/core/orders/reactions.ts',
        find: "      return order.status === 'cancelled' ? NO_EFFECTS : effects({ openCases: [bookingRefused(order, event.reason)] });",
        replace: '      return NO_EFFECTS;',
      },
    ],
  },
  {
    name: 'buyer-in-the-events',
    guards: 'personal data lies in one attribute of one row',
    invariant: 'I16',
    edits: [
      {
        file: 'functions/platform/aws/rows.ts',
        find: '    state: rest,',
        replace: '    state: { ...rest, buyer: (personal as { email?: string } | undefined)?.email ?? null },',
      },
    ],
  },
  {
    name: 'buyer-in-the-log',
    guards: 'a line of a log names ids, never what a message holds',
    invariant: 'I16',
    edits: [
      {
        file: 'functions/application/intake/take-message.ts',
        find: '{ topic, subject, why, deliveryId }',
        replace: '{ topic, subject, why, body: new TextDecoder().decode(message.body) }',
      },
    ],
  },
  {
    name: 'unmapped-reason-approved',
    guards: 'an unmapped reason goes to a person, never to a default',
    invariant: 'I15',
    edits: [
      {
        file: 'functions/core/returns/policy.ts',
        find: '  if (reason.canonical === undefined) {',
        replace: '  if (false) {',
      },
    ],
  },
  {
    name: 'order-forgotten-after-six-hours',
    guards: 'what is known of an order never expires',
    invariant: 'I7',
    edits: [
      {
        file: 'functions/platform/aws/state-store.ts',
        find: '    return Item && storedOf<S>(Item);',
        replace:
          "    const placedAt = (Item?.state as { placedAt?: string } | undefined)?.placedAt ?? '9';\n    return Item && placedAt > new Date(Date.now() - 21_600_000).toISOString() ? storedOf<S>(Item) : undefined;",
      },
      {
        file: 'functions/platform/aws/commit-items.ts',
        find: "      ? { ConditionExpression: 'attribute_not_exists(pk)' }",
        replace: '      ? {}',
      },
    ],
  },
  {
    name: 'waits-not-looked-after',
    guards: 'a step that begins to wait for what has come about already is let go on, at once or by the sweep',
    invariant: 'I20',
    edits: [
      {
        file: 'functions/application/workflow/check-wait.ts',
        find: '  const taken = await carryOn(ports, subject, step, wait);',
        replace: "  const taken = 'waiting' as Awaited<ReturnType<typeof carryOn>>;",
      },
      {
        file: 'functions/application/workflow/take-wait-step.ts',
        find: '  return carryOn(ports, returnKey, step, wait);',
        replace: "  return isAskedFor(step) ? carryOn(ports, returnKey, step, wait) : 'waiting';",
      },
    ],
  },
  {
    name: 'erp-total-not-compared',
    guards: 'what the ERP makes of an order is compared with the channel to the cent',
    invariant: 'I9',
    edits: [
      {
        file: 'functions/connectors/erps/tryton/sale.ts',
        find: "  if (quoted.state !== 'quotation' || total === wanted.total) return quoted;",
        replace: "  if (quoted.state !== 'quotation' || total !== -1) return quoted;",
      },
      {
        file: 'functions/connectors/erps/tryton/sale.ts',
        find: '    const asWanted = totalOf(sale, wanted.currency) === wanted.total;',
        replace: '    const asWanted = true;',
      },
      {
        file: 'functions/connectors/erps/tryton/sale.ts',
        find: '  if (totalOf(sale, wanted.currency) !== wanted.total) throw totalMismatch(sale, wanted);',
        replace: '  if (false) throw totalMismatch(sale, wanted);',
      },
    ],
  },
  {
    name: 'clawback-forgotten',
    guards: 'goods that never come for a refund that was paid before receipt are claimed',
    invariant: 'I11',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/money/claims.ts',
        find: "owes('never-arrived', paidInAdvance(state), at)",
        replace: "owes('never-arrived', 0, at)",
      },
    ],
  },
  {
    name: 'short-goods-not-claimed',
    guards: 'goods that are worth less than what was paid before receipt are claimed for the rest',
    invariant: 'I11',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/money/claims.ts',
        find: "owes('goods-short', paidInAdvance(state) - due, at)",
        replace: "owes('goods-short', 0, at)",
      },
    ],
  },
  {
    name: 'kept-goods-received',
    guards: 'goods that the buyer keeps are neither received nor put away',
    invariant: 'I20',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/decide-step.ts',
        find: "  return finance?.withoutGoods === true && step !== 'credit-memo';",
        replace: '  return false;',
      },
      {
        file: 'functions/core/returns/money/decide-finance.ts',
        find: '    ...(state.kept && { withoutGoods: true }),',
        replace: '',
      },
    ],
  },
  {
    name: 'damaged-sold-again',
    guards: 'a damaged unit never stands to be sold again, whatever the report says',
    invariant: 'I6',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/goods/goods.ts',
        find: "  condition === 'damaged' && disposition === 'restock' ? 'quarantine' : disposition;",
        replace: "  condition === 'damaged' && disposition === 'restock' ? 'restock' : disposition;",
      },
    ],
  },
  {
    name: 'four-eyes-skipped',
    guards: 'whoever prepared a refund does not approve it, and nobody approves twice',
    invariant: 'I21',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/money/decide-approval.ts',
        find: '  const involved = involvement(by, state);',
        replace: '  const involved = (involvement(by, state), undefined);',
      },
    ],
  },
  {
    name: 'same-person-by-another-spelling',
    guards: 'one person does not become two by a capital letter or a blank',
    invariant: 'I21',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/money/decide-approval.ts',
        find: '  b !== undefined && a.trim().toLowerCase() === b.trim().toLowerCase();',
        replace: '  b !== undefined && a === b;',
      },
    ],
  },
  {
    name: 'one-approver-for-two',
    guards: 'two must agree where the amount asks for two',
    invariant: 'I21',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/money/decide-approval.ts',
        find: '  const missing = needed - given.length - 1;',
        replace: '  const missing = 1 - given.length - 1;',
      },
    ],
  },
  {
    name: 'closed-period-ignored',
    guards: 'a credit is never dated into a closed period: it waits for the first open day',
    invariant: 'I10',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/money/books.ts',
        find: '  return opens === today ? { open: today } : { closedUntil: opens };',
        replace: '  return opens === today ? { open: today } : { open: today };',
      },
    ],
  },
  {
    name: 'duty-rings-twice',
    guards: 'a duty tells a person once for each of its stages',
    invariant: 'I17',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/duties/decide-duty.ts',
        find: "  if (told === 'breached' || (told === 'warned' && stage === 'warning')) return ignored('a person was told');",
        replace: '',
      },
    ],
  },
  {
    name: 'duty-in-utc',
    guards: 'business days end in the zone of their own calendar',
    invariant: 'I17',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/duties/business-days.ts',
        find: 'addDays(day, 1), calendar.timeZone)',
        replace: "addDays(day, 1), 'UTC')",
      },
    ],
  },
  {
    name: 'duty-never-stops',
    guards: 'a duty that is met is silent',
    invariant: 'I17',
    workload: 'returns-in-depth',
    edits: [
      {
        file: 'functions/core/returns/duties/deadlines.ts',
        find: "  if (refund?.status === 'issued' || refund?.status === 'paid') return true;",
        replace: '  if (refund === null) return true;',
      },
    ],
  },
  {
    name: 'residual-posted',
    guards: 'lines that do not come to the announced deposit, to the minor unit, post nothing',
    invariant: 'I9',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/connectors/settlements/kit/control.ts',
        find: '    if (off === 0n) return;',
        replace: '    if (off === off) return;',
      },
      {
        file: 'functions/core/settlements/journal.ts',
        find: '    ...(off === 0\n',
        replace: '    ...(off === off\n',
      },
      {
        file: 'functions/connectors/erps/tryton/journal-lines.ts',
        find: '  if (sound && sum === 0) return;',
        replace: '  if (sound) return;',
      },
    ],
  },
  {
    name: 'posted-again-instead-of-adjusted',
    guards: 'a settlement is posted once; what changes afterwards is posted as the difference',
    invariant: 'I9',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/core/settlements/decider.ts',
        find: 'adjustmentOf(state.posted, header',
        replace: 'adjustmentOf({ ...state.posted, announced: 0, months: {} }, header',
      },
    ],
  },
  {
    name: 'adjustment-without-reference',
    guards: 'an adjustment names the first posting',
    invariant: 'I10',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/connectors/erps/tryton/journal.ts',
        find: '    ...(content.adjusts !== undefined && { origin',
        replace: '    ...(content.adjusts === null && { origin',
      },
    ],
  },
  {
    name: 'closed-month-written',
    guards: 'nothing of a settlement is dated into a closed period',
    invariant: 'I10',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/core/settlements/journal.ts',
        find: '  const closed = closedThrough !== undefined && day <= closedThrough;',
        replace: '  const closed = closedThrough !== undefined && day < closedThrough.slice(0, 4);',
      },
    ],
  },
  {
    name: 'share-told-twice-counts-twice',
    guards: 'an order takes what a collection says of it once',
    invariant: 'I11',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/core/orders/decide-settlement.ts',
        find: '  if (known && known.revision >= share.revision) return ignored(`collection ${known.revision} is recorded`);',
        replace: '',
      },
      {
        file: 'functions/core/orders/evolve.ts',
        find: 'withSettlement(state.settlements ?? [], event.share)',
        replace: '[...(state.settlements ?? []), event.share]',
      },
    ],
  },
  {
    name: 'differences-kept-quiet',
    guards: 'what does not agree between orders and a settlement is a case of somebody',
    invariant: 'I11',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/core/settlements/reactions.ts',
        find: '        effects(cases.differences(state)),\n',
        replace: '',
      },
    ],
  },
  {
    name: 'unknown-orders-dropped',
    guards: 'lines of an order that never arrived are a difference until it does',
    invariant: 'I11',
    workload: 'settlement-fortnight',
    edits: [
      {
        file: 'functions/application/settlements/tell-order.ts',
        find: '    return settled ? matchOrder(settled, undefined, terms).differences : [];',
        replace: '    return [];',
      },
    ],
  },
];
