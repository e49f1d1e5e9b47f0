import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { crossdock } from '../../bin/commands/crossdock.ts';
import { capabilityTable } from '../../bin/local/engines/capabilities.ts';
import { STAGES } from './support.ts';

const README = readFileSync('README.md', 'utf8');
const PAGES = ['README.md', ...globSync('docs/*.md')];

/** Commands in the code of the pages, without what stands behind a `#`. */
const commandsOf = (page: string, start: RegExp): string[] =>
  [...readFileSync(page, 'utf8').matchAll(/```sh\n([\s\S]*?)```|`([^`\n]+)`/g)]
    .flatMap(([, block, inline]) => (block ?? inline ?? '').split('\n'))
    .flatMap((line) => line.split('&&'))
    .map((line) => line.replace(/#.*$/, '').trim())
    .filter((line) => start.test(line));

/** Whether the command line has such a verb. */
function hasVerb(words: readonly string[]): boolean {
  let command: Command | undefined = crossdock();
  for (const word of words) {
    if (!command || command.commands.length === 0) return true;
    command = command.commands.find((one) => one.name() === word);
    if (!command) return false;
  }
  return true;
}

describe('the pages', () => {
  it('name scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const known = new Set(['ci', 'install', ...Object.keys(scripts)]);
    const unknown = PAGES.flatMap((page) =>
      commandsOf(page, /^npm /)
        .map((line) => /^npm (?:run (?:-s )?)?([\w:-]+)/.exec(line)?.[1] ?? '')
        .filter((name) => !known.has(name) && name !== 'config')
        .map((name) => `${page}: npm ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('name verbs that there are', () => {
    const unknown = PAGES.flatMap((page) =>
      commandsOf(page, /^(npx )?crossdock /)
        .map((line) => line.replace(/^(npx )?crossdock /, '').split(/\s+/))
        .map((words) => words.slice(0, 2).filter((word) => /^[a-z][a-z-]+$/.test(word)))
        .filter((words) => words.length > 0 && !hasVerb(words))
        .map((words) => `${page}: crossdock ${words.join(' ')}`),
    );
    expect(unknown).toEqual([]);
  });

  it('link to files that there are', () => {
    const broken = PAGES.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(join(dirname(page), target)))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('show the engines as they are', () => expect(README).toContain(capabilityTable()));

  it('speak of stages that cdk.json has', () => {
    const asked = [...README.matchAll(/(?:--stage|-c stage=)\s?([a-z]+)/g)].map(([, stage = '']) => stage);
    expect(asked.filter((stage) => !STAGES.includes(stage))).toEqual([]);
  });
});
