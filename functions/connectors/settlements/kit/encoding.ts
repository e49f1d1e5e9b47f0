import { isAscii, isUtf8 } from 'node:buffer';
import { SettlementRefused } from '#core/settlements/refused.ts';

/** More than any channel's file; what is larger is refused before it fills a disk. */
const MOST_BYTES = 4 * 1024 ** 3;

const ZIP = 'this is a ZIP archive: unpack it and import the file in it';
const GZIP = 'this is compressed: unpack it (gunzip) and import the file in it';

/**
 * The bytes of a text file as UTF-8 without its mark, whatever it was written in: UTF-8, UTF-16 with or without a mark, or
 * Windows-1252 (what is called Latin-1). ASCII is all of them; the first other byte decides, and a file that later
 * contradicts it is refused.
 */
export async function* utf8(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let recode: ((chunk: Buffer, end: boolean) => Buffer) | undefined;
  let kept: Buffer = Buffer.alloc(0);
  let seen = 0;
  for await (const given of bytes) {
    seen += given.byteLength;
    if (seen > MOST_BYTES) refuse('SETTLEMENT_TOO_LARGE', `the file is larger than ${MOST_BYTES} bytes`);
    const chunk = joined(kept, given);
    if (recode === undefined && chunk.length < LONGEST_MARK) {
      kept = chunk;
      continue;
    }
    recode ??= recoderOf(chunk);
    kept = Buffer.alloc(0);
    const out = recode(chunk, false);
    if (out.length > 0) yield out;
  }
  const last = (recode ?? recoderOf(kept))(kept, true);
  if (last.length > 0) yield last;
}

const LONGEST_MARK = 4;

function joined(kept: Buffer, given: Uint8Array): Buffer {
  const chunk = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  return kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
}

function recoderOf(start: Buffer): (chunk: Buffer, end: boolean) => Buffer {
  const [a, b, c, d] = start;
  if (a === 0x50 && b === 0x4b && c === 3 && d === 4) refuse('SETTLEMENT_ENCODING', ZIP);
  if (a === 0x1f && b === 0x8b) refuse('SETTLEMENT_ENCODING', GZIP);
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) return wide('utf-16le');
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0)) return wide('utf-16be');
  return narrow(a === 0xef && b === 0xbb && c === 0xbf);
}

function wide(encoding: 'utf-16le' | 'utf-16be'): (chunk: Buffer, end: boolean) => Buffer {
  // The mark is taken off by the decoder.
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (chunk, end) => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: !end }));
    } catch {
      return refuse(
        'SETTLEMENT_ENCODING',
        `the file begins as ${encoding} and goes on as something else, or is cut off`,
      );
    }
  };
}

/** One byte or UTF-8. Bytes that may be the beginning of a character wait for the next chunk. */
function narrow(marked: boolean): (chunk: Buffer, end: boolean) => Buffer {
  const western = new TextDecoder('windows-1252');
  let kind: 'utf-8' | 'windows-1252' | undefined = marked ? 'utf-8' : undefined;
  let first = marked;
  let kept: Buffer = Buffer.alloc(0);
  return (given, end) => {
    const chunk = first ? given.subarray(3) : joined(kept, given);
    first = false;
    kept = Buffer.alloc(0);
    if (chunk.includes(0)) refuse('SETTLEMENT_ENCODING', 'the file holds bytes that are no text: it is damaged');
    if (isAscii(chunk)) return chunk;
    if (kind === 'windows-1252') return Buffer.from(western.decode(chunk));
    const whole = end ? chunk.length : wholeCharacters(chunk);
    if (isUtf8(chunk.subarray(0, whole))) {
      kept = Buffer.from(chunk.subarray(whole));
      if (!isAscii(chunk.subarray(0, whole))) kind = 'utf-8';
      return chunk.subarray(0, whole);
    }
    if (kind === 'utf-8') refuse('SETTLEMENT_ENCODING', 'the file begins as UTF-8 and goes on as something else');
    kind = 'windows-1252';
    return Buffer.from(western.decode(chunk));
  };
}

/** Length without a last character of which bytes are missing. */
function wholeCharacters(chunk: Buffer): number {
  for (let back = 1; back <= Math.min(3, chunk.length); back++) {
    const byte = chunk[chunk.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back ? chunk.length - back : chunk.length;
  }
  return chunk.length;
}

function refuse(code: 'SETTLEMENT_ENCODING' | 'SETTLEMENT_TOO_LARGE', message: string): never {
  throw new SettlementRefused(code, undefined, message);
}
