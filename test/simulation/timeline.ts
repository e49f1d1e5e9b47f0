import type { Ground } from './invariants/ground.ts';
import type { Simulation } from './simulation.ts';

type Row = Readonly<Record<string, unknown>>;
type Told = {
  readonly occurredAt?: string;
  readonly events?: readonly { readonly type: string; readonly data: unknown }[];
  readonly causationId?: string;
};

/** What our own books say of an order, return or refund and all that hangs on it, oldest first: what `explain` shows. */
export function timelineOf({ dynamo }: Simulation, ground: Ground, subject: string): string[] {
  const id = /(\d{6,}|R\d{3,})/.exec(subject)?.[1] ?? subject;
  const lines: string[] = [];
  for (const row of dynamo.tables.get('state')?.values() ?? []) {
    const { pk, sk } = row as Row & { pk: string; sk: string };
    if (!pk.includes(id)) continue;
    if (sk.startsWith('EVENT#')) {
      const { occurredAt, events = [], causationId } = row as Told;
      for (const { type, data } of events) lines.push(`${occurredAt} ${pk} ${type} ${brief(data)} ← ${causationId}`);
    } else if (sk === 'STATE') lines.push(`~ ${pk} ${brief((row as Row).state)}`);
    else lines.push(`~ ${pk} ${sk} ${brief(row)}`);
  }
  for (const operation of ground.operations()) {
    if (!operation.key.includes(id)) continue;
    const { key, status, attempts, plannedAt, endedAt, reason, ref } = operation;
    lines.push(
      `${endedAt ?? plannedAt} ${key} ${status} after ${attempts} attempts ${ref ?? ''} ${reason ? brief(reason) : ''}`,
    );
  }
  return lines.sort();
}

const brief = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 700 ? `${text.slice(0, 700)}…` : text;
};
