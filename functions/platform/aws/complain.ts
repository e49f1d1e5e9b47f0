/**
 * Says why AWS did not take something that a port answers as "not taken": the caller tries again later, and whoever looks
 * for the reason finds it in the log. A code and a service's own text; payloads are never in it.
 */
export function complain(what: string, error: unknown): void {
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: '' };
  const fromAws = error instanceof Error && '$metadata' in (error.cause instanceof Error ? error.cause : error);
  console.warn(
    JSON.stringify({ level: 'WARN', message: `${what} was refused`, error: name, ...(fromAws && { reason: message }) }),
  );
}
