import { dropFileOf } from '#application/settlements/drop-file.ts';
import { importFile } from '#application/settlements/import-file.ts';
import { reclassify } from '#application/settlements/reclassify.ts';
import { settlementFormats } from '#connectors/settlements/registry.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { S3SettlementDrop } from '#platform/aws/settlement-files.ts';
import { caseStore } from '#platform/aws/stores.ts';
import { once } from '#platform/env.ts';
import { type NewObject, newObjectIn } from '#platform/handlers/new-object.ts';
import { clock, ids, queueControl } from '#platform/handlers/on-aws.ts';
import { jsonObject, type QueueContext, queueHandler, type Read, textField } from '#platform/handlers/queue.ts';
import { temporaryFolder } from '#platform/temporary-folder.ts';
import { temporarySpools } from '#platform/temporary-spool.ts';
import { settlementLines, settlementTerms } from '../wiring/settlement-files.ts';
import { settlementPorts } from '../wiring/settlements.ts';

/** A file that was laid down, or a settlement whose kept lines are to be classified anew. */
type Work = NewObject | { readonly settlement: string };

const ports = once(() => ({
  ...settlementPorts(),
  cases: caseStore(),
  drop: new S3SettlementDrop(),
  lines: settlementLines(),
  spools: temporarySpools(temporaryFolder()),
  format: (name: string) => (Object.hasOwn(settlementFormats, name) ? settlementFormats[name] : undefined),
  terms: settlementTerms(),
}));

export const handler = queueHandler({
  ids,
  control: queueControl,
  read(body): Read<Work> {
    const given = jsonObject(body);
    if ('reclassify' in given) {
      const settlement = textField(given, 'reclassify');
      return { message: { settlement }, id: settlement, contract: 'settlement-reclassification' };
    }
    const message = newObjectIn(body);
    return { message, id: message.key, contract: 'settlement-file' };
  },
  run: (work: Work, context) => ('settlement' in work ? classify(work.settlement, context) : take(work, context)),
});

async function take({ key, laidDownAt }: NewObject, { log, metrics, correlationId }: QueueContext): Promise<void> {
  const file = dropFileOf(key);
  if (!file) {
    const message = 'files are laid down as settlements/<channel>/<account>/<format>/<file>';
    throw new PoisonError('DROP_KEY_MALFORMED', message);
  }
  const cause = { now: clock.now(), correlationId, causationId: key };
  const outcome = await importFile(ports(), file, laidDownAt, cause);
  if (outcome.kind === 'refused') {
    metrics.count('SettlementFileRefused', 1, { channel: file.channel });
    log.warn('settlement file refused', { key, code: outcome.reason.code });
    return;
  }
  for (const { settlementId, kind, why } of outcome.settlements) {
    metrics.count('SettlementRead', 1, { channel: file.channel, kind });
    log.info(`settlement ${kind}`, { key, settlementId, why });
  }
}

async function classify(settlement: string, { log, correlationId }: QueueContext): Promise<void> {
  const cause = { now: clock.now(), correlationId, causationId: `${settlement}/rules` };
  const { kind, why } = await reclassify(ports(), settlement, cause);
  log.info(`classified anew: ${kind}`, { subject: settlement, why });
}
