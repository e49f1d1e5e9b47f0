/** The calendar month of an instant in an IANA zone, as `2026-11`. Throws RangeError for a zone that there is not. */
export function monthIn(zone: string): (instant: string) => string {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, year: 'numeric', month: '2-digit' });
  return (instant) => {
    const parts = new Map(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
    return `${parts.get('year')}-${parts.get('month')}`;
  };
}
