/** The first bytes of a file, and the file with them still in it. */
export async function peek(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly first: Uint8Array; readonly whole: AsyncIterable<Uint8Array> }> {
  const chunks = bytes[Symbol.asyncIterator]();
  let start = await chunks.next();
  while (!start.done && start.value.byteLength === 0) start = await chunks.next();
  const first = start.done ? new Uint8Array() : start.value;
  async function* whole(): AsyncIterable<Uint8Array> {
    if (first.byteLength > 0) yield first;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  return { first, whole: whole() };
}

/** Whether a text begins as a JSON document does, whatever mark stands before it. */
export function beginsAsJson(first: Uint8Array): boolean {
  const text = Buffer.from(first.subarray(0, 256))
    .toString('latin1')
    .replace(/[^\x21-\x7e]/g, '');
  return text.startsWith('{') || text.startsWith('[');
}
