import { globSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../bin/local/cache.ts';

describe('the tests themselves', () => {
  const files = globSync('test/**/*.test.ts').filter((file) => !file.endsWith('rules/tests.test.ts'));

  it('run on Node 24, whatever the host has', () => expect(process.versions.node.split('.')[0]).toBe('24'));

  it('each assert something', () => {
    expect(
      files.filter(
        (file) =>
          !/\bexpect\b|\bthen(Events|Rejected|Ignored)\b|from '\.[\w./-]*\/suites\/|\bconformance\(/.test(
            readFileSync(file, 'utf8'),
          ),
      ),
    ).toEqual([]);
  });

  it('are not skipped or focused, but by the name of a capability that an engine lacks', () => {
    const bad = /\b(it|test|describe)\.(skip|only|todo|fails)\b|\bx(it|describe)\(/;
    expect(files.filter((file) => bad.test(readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('reach nothing but the loopback address', () => {
    const outside =
      /https?:\/\/(?!127\.0\.0\.1|localhost|\[::1\]|[a-z0-9.-]*(example|invalid|test)\b|\$\{)[a-z0-9.-]+\.[a-z]{2,}[^'"`\s]*['"`]\s*[,)]/;
    const calls = files.filter((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .some((line) => /fetch\(/.test(line) && outside.test(line)),
    );
    expect(calls).toEqual([]);
  });

  it('have their temporary files in the cache', () => {
    expect(tmpdir().startsWith(cacheFolder())).toBe(true);
  });

  it('are served by code that leaves nothing outside the cache', () => {
    const outside = /\btmpdir\(|\bmkdtemp(Sync)?\(|\bhomedir\(|['"`]\/(var\/)?tmp\b/;
    // What Vitest runs may ask for the folder of temporary files: it is in the cache then.
    const found = globSync([
      '{bin,events,functions,lib}/**/*.{ts,mjs,py}',
      'test/{bench,simulation}/**/*.ts',
      'test/main.ts',
    ]);
    const outsiders = found.filter((file) => outside.test(readFileSync(file, 'utf8')));
    // One looks for pyenv's versions; on AWS a function may write nowhere else.
    expect(outsiders.sort()).toEqual(['bin/local/python.ts', 'functions/platform/temporary-folder.ts']);
  });
});
