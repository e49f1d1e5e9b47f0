import { randomUUID } from 'node:crypto';
import { InvalidArgumentError, Option } from 'commander';
import { renormalizeReasons } from '#application/returns/renormalize-reasons.ts';
import { REASON_PURPOSES, type ReasonPurpose } from '#core/returns/reasons/channel-codes.ts';
import { coverageOf } from '#core/returns/reasons/history.ts';
import { reverseReason } from '#core/returns/reasons/reverse.ts';
import { CANONICAL_REASONS, type CanonicalReason } from '#core/returns/reasons.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import { clock } from '#platform/handlers/on-aws.ts';
import { returnPorts } from '../../functions/handlers/wiring/aggregates.ts';
import { reasonCatalogue, reasonsOfSource, reverseMaps } from '../../functions/handlers/wiring/reasons.ts';
import { positive } from './lists.ts';
import { readStates } from './read-states.ts';
import { CliError, type Report, table, tableOr } from './report.ts';
import { APPLY, onStage, verb } from './verb.ts';

const AT = ['--at <time>', 'by the maps in force at this time; default: now', instant] as const;

export const reasonsList = verb('list', 'What the codes of a source mean, by the maps in force at a time.', [
  'crossdock reasons list',
  'crossdock reasons list --source generic/main --at 2026-12-01',
])
  .option('--source <source>', 'a platform, or an account of it; without one, the maps that there are')
  .option(...AT)
  .action(
    onStage(async (_stage, { source, at }) => (typeof source === 'string' ? codesOf(source, timeOf(at)) : maps())),
  );

function codesOf(source: string, at: string): Report {
  const map = reasonsOfSource(source, at);
  const rows = Object.entries(map.codes).sort(([a], [b]) => (a < b ? -1 : 1));
  return { json: { source, at, ...map }, text: `map ${map.version}\n${table(['code', 'means'], rows)}` };
}

function maps(): Report {
  const forward = reasonCatalogue().map(({ source, layer, version, effectiveFrom, codes }) => ({
    ...{ direction: 'from', source, layer, version, effectiveFrom, codes: Object.keys(codes).length },
  }));
  const reverse = reverseMaps().map(({ channel, purpose, layer, version, effectiveFrom, exact, nearest }) => ({
    ...{ direction: 'to', source: `${channel} (${purpose})`, layer, version, effectiveFrom },
    codes: new Set([...Object.keys(exact), ...Object.keys(nearest)]).size,
  }));
  const json = [...forward, ...reverse];
  const head = ['direction', 'source', 'layer', 'version', 'effectiveFrom', 'codes'] as const;
  const rows = json.map((row) => head.map((column) => row[column]));
  return { json, text: table(head, rows) };
}

export const reasonsCoverage = verb(
  'coverage',
  'How much of what each source gave as a reason is understood. Reads every return.',
  ['crossdock reasons coverage', 'crossdock reasons coverage --top 20 --json'],
)
  .option('--top <n>', 'how many codes of each source', positive, 10)
  .action(
    onStage(async (_stage, { top }) => {
      const returns: OpenReturn[] = [];
      for await (const { authorization, reasons } of readStates<OpenReturn>('RETURN#')) {
        returns.push({ authorization, reasons } as OpenReturn);
      }
      const sources = coverageOf(returns).map((one) => ({
        ...one,
        share: one.lines === 0 ? 100 : Math.floor((one.mapped * 1000) / one.lines) / 10,
        unmapped: one.unmapped.slice(0, Number(top)),
      }));
      const rows = sources.map(({ source, lines, mapped, share, unmapped }) => [
        ...[source, lines, mapped, `${share} %`],
        unmapped.map(({ code, lines: count }) => `${code} (${count})`).join(', '),
      ]);
      return { json: sources, text: tableOr('no returns', ['source', 'lines', 'mapped', 'share', 'not known'], rows) };
    }),
  );

export const reasonsReverse = verb('reverse <reason>', 'What a channel is told for a canonical reason.', [
  'crossdock reasons reverse damaged --channel walmart --purpose refund',
  'crossdock reasons reverse size-too-small --channel shopify',
])
  .requiredOption('--channel <channel>', 'the channel that is told')
  .addOption(
    new Option('--purpose <purpose>', 'what a reason is given for').choices([...REASON_PURPOSES]).default('return'),
  )
  .option(...AT)
  .action(
    onStage(async (_stage, { channel, purpose, at }, reason: string) => {
      if (!(CANONICAL_REASONS as readonly string[]).includes(reason)) {
        throw new CliError(2, `"${reason}" is no canonical reason: use one of ${CANONICAL_REASONS.join(', ')}`);
      }
      const asked = {
        channel: String(channel),
        purpose: purpose as ReasonPurpose,
        canonical: reason as CanonicalReason,
        at: timeOf(at),
      };
      const answer = reverseReason(reverseMaps(), asked);
      if (answer.kind === 'refused') {
        return { json: { ...asked, ...answer }, text: `${answer.reason.code}: ${answer.reason.message}`, exit: 1 };
      }
      const { code, fidelity, mappingVersion } = answer;
      return { json: { ...asked, ...answer }, text: `${code} (${fidelity}, map ${mappingVersion})` };
    }),
  );

export const reasonsRenormalize = verb(
  'renormalize',
  'Reads the reasons of all returns by other maps, and shows what changes. Nothing that was decided changes.',
  ['crossdock reasons renormalize', 'crossdock reasons renormalize --source generic/main --apply'],
)
  .option('--source <source>', 'only what this source said')
  .option(...AT)
  .option(...APPLY)
  .action(
    onStage(async (_stage, { source, at, apply }) => {
      const time = timeOf(at);
      const id = randomUUID();
      const done = await renormalizeReasons(
        returnPorts(),
        {
          returns: readStates<OpenReturn>('RETURN#'),
          mapOf: (of) => reasonsOfSource(of, time),
          apply: apply === true,
          ...(typeof source === 'string' && { source }),
        },
        { now: clock.now(), correlationId: id, causationId: `renormalize/${id}` },
      );
      const head = ['source', 'code', 'before', 'after', 'returns', 'lines'] as const;
      const rows = done.differences.map((one) => head.map((column) => one[column] ?? '-'));
      const sum = apply
        ? `${done.written} of ${done.read} returns written`
        : `${done.changed} of ${done.read} returns would change (dry run: add --apply)`;
      return { json: { at: time, ...done }, text: `${tableOr('no reason reads otherwise', head, rows)}\n${sum}` };
    }),
  );

const timeOf = (at: unknown): string => (typeof at === 'string' ? at : clock.now());

function instant(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError('give a date or a time such as 2026-12-01');
  return new Date(time).toISOString();
}
