import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../bin/local/cache.ts';
import { ANY_PYTHON, findPython, LOCALSTACK_PYTHON, pythonProblem } from '../../bin/local/python.ts';

const settings = { PATH: process.env.PATH, PYENV_ROOT: process.env.PYENV_ROOT };
let folder: string | undefined;

beforeEach(elsewhere);
afterEach(() => {
  Object.assign(process.env, settings);
  if (settings.PYENV_ROOT === undefined) delete process.env.PYENV_ROOT;
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Another machine: the Pythons of one are looked up once. */
function elsewhere(): void {
  if (folder) rmSync(folder, { recursive: true, force: true });
  folder = mkdtempSync(path.join(tmpdir(), 'crossdock-python-'));
  process.env.PATH = folder;
  process.env.PYENV_ROOT = folder;
}

/** A program that answers as a Python of that version would. */
function install(command: string, version: [number, number], canMakeEnvironments = true): void {
  const file = path.join(folder ?? '', command);
  writeFileSync(file, `#!/bin/sh\necho '${JSON.stringify([file, version, canMakeEnvironments])}'\n`);
  chmodSync(file, 0o755);
}

describe('findPython', () => {
  it('takes the newest that the locks were tried with, and a plain python3 last', async () => {
    install('python3', [3, 14]);
    install('python3.11', [3, 11]);
    expect((await findPython(ANY_PYTHON))?.version).toEqual([3, 11]);
  });

  it('passes over one that is too old or broken', async () => {
    install('python3', [3, 9]);
    writeFileSync(path.join(folder ?? '', 'python3.13'), '#!/bin/sh\necho "pyenv: not installed" >&2; exit 127\n', {
      mode: 0o755,
    });
    expect(await findPython(ANY_PYTHON)).toBeUndefined();
  });

  it('prefers one that can make environments', async () => {
    install('python3.13', [3, 13], false);
    install('python3.12', [3, 12]);
    expect((await findPython(ANY_PYTHON))?.version).toEqual([3, 12]);
  });

  it('insists on 3.13 for LocalStack', async () => {
    install('python3', [3, 14]);
    expect(await findPython(LOCALSTACK_PYTHON)).toBeUndefined();
    elsewhere();
    install('python3', [3, 13]);
    expect((await findPython(LOCALSTACK_PYTHON))?.version).toEqual([3, 13]);
  });
});

describe('pythonProblem', () => {
  it('says what is missing and how to mend it', async () => {
    expect(await pythonProblem(ANY_PYTHON)).toEqual({
      what: "Python 3.10 or newer was not found on PATH nor in pyenv's versions",
      fix: "install it from your system's packages or with pyenv (pyenv install 3.13)",
    });
    elsewhere();
    install('python3.12', [3, 12], false);
    expect(await pythonProblem(ANY_PYTHON)).toEqual({
      what: `${path.join(folder ?? '', 'python3.12')} has no venv or ensurepip module, so no private environment can be made`,
      fix: 'install it (Debian, Ubuntu: apt-get install python3.12-venv)',
    });
  });
});

describe('requirements', () => {
  it.each(['ministack', 'tryton', 'postgresql', 'localstack'])(
    '%s: every package has one version and hashes',
    (lock) => {
      const text = readFileSync(path.join(PROJECT_ROOT, 'bin', 'local', 'requirements', `${lock}.txt`), 'utf8');
      const entries = text.split(/\n(?=\S)/).filter(Boolean);
      expect(entries.length).toBeGreaterThan(1);
      for (const entry of entries) {
        expect(entry).toMatch(/^[\w.-]+(\[\w+\])?==\S+/);
        expect(entry).toMatch(/--hash=sha256:[0-9a-f]{64}/);
      }
      expect(text).not.toContain('://');
    },
  );
});
