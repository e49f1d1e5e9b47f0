/** The channel's words of a line as one text. A "/" inside a word is written %2F, so that words can be told apart again. */
export function sourceOf(...words: readonly string[]): string {
  let source = '';
  for (const word of words) {
    const safe = word.includes('/') ? word.replaceAll('/', '%2F') : word;
    source = source === '' ? safe : `${source}/${safe}`;
  }
  return source;
}
