import { closeSync, openSync, readSync } from 'node:fs';
import { CliError } from '../report.ts';

/** Reads what a person has saved of a message. Each throws CliError with what is wrong and what it should be. */

/** No sender's limit is above it; more can't be a message, and may have no end at all. */
const MOST_BYTES = 16 * 1024 * 1024;

export function readBytes(option: string, file: string): Uint8Array {
  try {
    return readUpTo(file, MOST_BYTES);
  } catch (error) {
    throw new CliError(2, `${option} ${file} can't be read: ${(error as Error).message}`);
  }
}

/** Reads without asking for the size: pipes have none, and devices have no end. */
function readUpTo(file: string, most: number): Uint8Array {
  const open = openSync(file, 'r');
  try {
    const parts: Buffer[] = [];
    for (let size = 0; ; ) {
      const part = Buffer.alloc(64 * 1024);
      const read = readSync(open, part);
      if (read === 0) return Buffer.concat(parts);
      size += read;
      if (size > most) throw new Error(`it is larger than ${most} bytes, which no message is`);
      parts.push(part.subarray(0, read));
    }
  } finally {
    closeSync(open);
  }
}

const readText = (option: string, file: string): string => Buffer.from(readBytes(option, file)).toString('utf8');

/** Headers as a JSON object or as lines `Name: value`; names come out in lower case. */
export function readHeaders(file: string): Record<string, string> {
  const text = readText('--headers', file);
  const given = text.trimStart().startsWith('{') ? fromJson(file, text) : fromLines(file, text);
  return Object.fromEntries(given.map(([name, value]) => [name.trim().toLowerCase(), value.trim()]));
}

function fromJson(file: string, text: string): [string, string][] {
  const given = Object.entries(jsonOf(text) ?? {});
  if (given.length > 0 && given.every((one): one is [string, string] => typeof one[1] === 'string')) return given;
  throw new CliError(2, `--headers ${file} is no JSON object of texts: give {"Name": "value"}, or lines "Name: value"`);
}

function fromLines(file: string, text: string): [string, string][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const at = line.indexOf(':');
      // Not quoted: it may be a secret.
      if (at < 1) throw new CliError(2, `--headers ${file} has a line without a colon: give lines "Name: value"`);
      return [line.slice(0, at), line.slice(at + 1)];
    });
}

/** The active signing secrets: the account's secret as JSON (`{"webhookSecrets": […]}`), or one secret a line. */
export function readSecrets(file: string): readonly string[] {
  const text = readText('--secret-file', file).trim();
  const given = jsonOf(text);
  const listed = given === undefined ? text.split(/\r?\n/) : [given.webhookSecrets ?? []].flat();
  const secrets = listed.filter((one): one is string => typeof one === 'string' && one.trim() !== '');
  if (secrets.length > 0) return secrets.map((one) => one.trim());
  throw new CliError(2, `--secret-file ${file} holds no secret: give {"webhookSecrets": ["…"]}, or one secret a line`);
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const given: unknown = JSON.parse(text);
    return typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
