import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { prepareOnce } from './cache.ts';

const run = promisify(execFile);
const REQUIREMENTS = fileURLToPath(new URL('./requirements/', import.meta.url));

/** Newest first: what the hash-pinned locks have been tried with. `python3` comes last and may be newer still. */
const COMMANDS = ['python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3'];

export interface Python {
  /** Absolute path of the interpreter. */
  readonly command: string;
  /** As in `[3, 13]`. */
  readonly version: readonly [number, number];
  /** False where the distribution has split `venv` or `ensurepip` off. */
  readonly canMakeEnvironments: boolean;
}

/** Which Pythons will do: at least `min`, and where `only` is given exactly that one. */
export interface PythonWish {
  readonly min: readonly [number, number];
  readonly only?: readonly [number, number];
}

export const ANY_PYTHON: PythonWish = { min: [3, 10] };
/** LocalStack 4.14.0 uses syntax and library functions of 3.13, although its package says 3.10. */
export const LOCALSTACK_PYTHON: PythonWish = { min: [3, 13], only: [3, 13] };

/** The first fitting Python on PATH or among pyenv's versions; one that can make environments is preferred. */
export async function findPython(wish: PythonWish): Promise<Python | undefined> {
  const fitting = (await installedPythons()).filter((python) => fits(python, wish));
  return fitting.find((python) => python.canMakeEnvironments) ?? fitting[0];
}

const looks = new Map<string, Promise<Python[]>>();

/** All Pythons of this machine, in the order of preference. Looked up once: pyenv's launchers take their time. */
function installedPythons(): Promise<Python[]> {
  const where = `${process.env.PATH} ${process.env.PYENV_ROOT}`;
  const look =
    looks.get(where) ??
    Promise.all(candidates().map(inspect)).then((found) => found.filter((one) => one !== undefined));
  looks.set(where, look);
  return look;
}

/** What is wrong with the machine's Python for this wish, with the fix, or undefined when all is well. */
export async function pythonProblem(wish: PythonWish): Promise<{ what: string; fix: string } | undefined> {
  const python = await findPython(wish);
  const wanted = wish.only ? wish.only.join('.') : `${wish.min.join('.')} or newer`;
  if (!python) {
    return {
      what: `Python ${wanted} was not found on PATH nor in pyenv's versions`,
      fix: `install it from your system's packages or with pyenv (pyenv install ${(wish.only ?? [3, 13]).join('.')})`,
    };
  }
  if (python.canMakeEnvironments) return undefined;
  const version = python.version.join('.');
  return {
    what: `${python.command} has no venv or ensurepip module, so no private environment can be made`,
    fix: `install it (Debian, Ubuntu: apt-get install python${version}-venv)`,
  };
}

/**
 * A private Python environment with exactly the packages of the given hash-pinned locks, made once and kept.
 *
 * @param locks names of files in `requirements/`, without `.txt`
 * @returns the environment's interpreter; run modules with `-m`: its scripts' first lines name another folder
 * @throws Error in one line with the fix when the machine has no fitting Python; with pip's last lines when it fails
 */
export async function pythonEnvironment(
  name: string,
  locks: readonly string[],
  wish: PythonWish,
): Promise<{ python: string; cached: boolean }> {
  const problem = await pythonProblem(wish);
  const base = await findPython(wish);
  if (problem || !base) throw new Error(problem ? `${problem.what}: ${problem.fix}.` : 'Python has disappeared.');
  const files = locks.map((lock) => path.join(REQUIREMENTS, `${lock}.txt`));
  const inputs = [{ text: `${base.command} ${base.version.join('.')}` }, ...files.map((file) => ({ path: file }))];
  const { folder, cached } = await prepareOnce(`${name}-python`, inputs, async (unfinished) => {
    await run(base.command, ['-m', 'venv', unfinished], { env: pipSettings() });
    await install(path.join(unfinished, 'bin', 'python'), files);
  });
  return { python: path.join(folder, 'bin', 'python'), cached };
}

async function install(python: string, files: readonly string[]): Promise<void> {
  const options = ['--quiet', '--no-input', '--no-cache-dir', '--no-compile', '--no-deps', '--require-hashes'];
  const args = ['-m', 'pip', 'install', ...options, ...files.flatMap((file) => ['-r', file])];
  await run(python, args, { env: pipSettings(), maxBuffer: 1 << 26 }).catch((error: { stderr?: string }) => {
    const lines = String(error.stderr ?? error)
      .trim()
      .split('\n')
      .slice(-6)
      .join('\n');
    throw new Error(`pip could not install ${files.map((file) => path.basename(file)).join(', ')}:\n${lines}`);
  });
}

/** The user's environment, for pip follows the user's index, proxy and certificate settings, less other environments. */
function pipSettings(): NodeJS.ProcessEnv {
  const { PYTHONHOME: _home, PYTHONPATH: _path, VIRTUAL_ENV: _env, ...rest } = process.env;
  return { ...rest, PIP_DISABLE_PIP_VERSION_CHECK: '1' };
}

function candidates(): string[] {
  return [...COMMANDS, ...pyenvVersions()];
}

function pyenvVersions(): string[] {
  const versions = path.join(process.env.PYENV_ROOT || path.join(homedir(), '.pyenv'), 'versions');
  try {
    return readdirSync(versions).map((version) => path.join(versions, version, 'bin', 'python3'));
  } catch {
    return [];
  }
}

const INSPECT = `
import importlib.util, json, sys
has = lambda name: importlib.util.find_spec(name) is not None
print(json.dumps([sys.executable, sys.version_info[:2], has('venv') and has('ensurepip')]))
`;

async function inspect(command: string): Promise<Python | undefined> {
  try {
    const { stdout } = await run(command, ['-I', '-c', INSPECT], { timeout: 10_000 });
    const [executable, version, canMakeEnvironments] = JSON.parse(stdout);
    return { command: executable, version, canMakeEnvironments };
  } catch {
    return undefined;
  }
}

function fits({ version }: Python, { min, only }: PythonWish): boolean {
  if (only) return compare(version, only) === 0;
  return compare(version, min) >= 0;
}

function compare(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0] || a[1] - b[1];
}
