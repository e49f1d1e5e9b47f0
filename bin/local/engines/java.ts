import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MINIMUM = 17;

/** A Java development kit: DynamoDB Local runs on it, and a small class of ours is compiled with it. */
export interface Java {
  readonly java: string;
  readonly javac: string;
}

/** A virtual machine keeps these in the system's folder for temporary files, whatever TMPDIR says. */
export const NO_PERFORMANCE_DATA = '-XX:-UsePerfData';

let found: Promise<Java | undefined> | undefined;

/** The kit in JAVA_HOME, else the one on PATH, when it is Java 17 or newer and has its compiler. Looked up once. */
export function findJava(): Promise<Java | undefined> {
  found ??= lookForJava();
  return found;
}

async function lookForJava(): Promise<Java | undefined> {
  for (const folder of [javaHome(), await onPath()]) {
    if (!folder) continue;
    const java = path.join(folder, 'bin', 'java');
    const javac = path.join(folder, 'bin', 'javac');
    if (
      (await major(javac, `-J${NO_PERFORMANCE_DATA}`)) >= MINIMUM &&
      (await major(java, NO_PERFORMANCE_DATA)) >= MINIMUM
    )
      return { java, javac };
  }
  return undefined;
}

function javaHome(): string | undefined {
  return process.env.JAVA_HOME || undefined;
}

/** The home of the Java on PATH, from its own mouth: on PATH there may be a link or a launcher. */
async function onPath(): Promise<string | undefined> {
  try {
    const { stderr } = await run('java', [NO_PERFORMANCE_DATA, '-XshowSettings:properties', '-version'], {
      timeout: 10_000,
    });
    const home = /^\s*java\.home = (.+)$/m.exec(stderr)?.[1];
    return home && realpathSync(home.trim());
  } catch {
    return undefined;
  }
}

async function major(command: string, option: string): Promise<number> {
  try {
    const { stdout, stderr } = await run(command, [option, '-version'], { timeout: 10_000 });
    return Number(/(\d+)/.exec(stdout + stderr)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
