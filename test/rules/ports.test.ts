import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Ports that stand in the platform, because only handlers know them. */
const OF_THE_PLATFORM = ['Archive', 'SecretSource', 'QueueControl', 'JournalReader'];

describe('ports', () => {
  const read = (pattern: string): string =>
    globSync(pattern)
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
  const ports = [...read('functions/application/ports/*.ts').matchAll(/^export interface (\w+)/gm)].map(
    ([, name]) => name,
  );

  it('are found', () => expect(ports.length).toBeGreaterThan(15));

  it('each have a contract that their implementations are held to', () => {
    const contracts = read('test/contract/{ports,connectors}/**/*.ts');
    const without = [...ports, ...OF_THE_PLATFORM].filter((name) => !new RegExp(`\\b${name}\\b`).test(contracts));
    expect(without).toEqual([]);
  });
});
