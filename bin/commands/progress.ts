/** Says on a terminal how far a long command has come, in one line that is written over; elsewhere nothing. */
export function progress(out: NodeJS.WriteStream = process.stderr): { tell(text: string): void; end(): void } {
  const live = out.isTTY === true;
  return {
    tell: (text) => void (live && out.write(`\r\x1b[K${text}`)),
    end: () => void (live && out.write('\r\x1b[K')),
  };
}
