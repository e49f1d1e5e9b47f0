import { createReadStream, readFileSync, statSync } from 'node:fs';
import { CliError } from '../report.ts';

/** Files that are read whole; settlements themselves are streamed. */
const MOST_BYTES = 512 * 1024 * 1024;

export function readWhole(option: string, file: string): string {
  try {
    if (statSync(file).size > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES} bytes`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(2, `${option} ${file} can't be read: ${(error as Error).message}`);
  }
}

export function readJson(option: string, file: string): unknown {
  const text = readWhole(option, file);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CliError(2, `${option} ${file} is no JSON: ${(error as Error).message}`);
  }
}

/** The bytes of a file as they come from the disk. */
export async function* bytesOf(file: string): AsyncIterable<Uint8Array> {
  const stream = createReadStream(file);
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw new CliError(2, `--file ${file} can't be read: ${message}`);
  }
}
