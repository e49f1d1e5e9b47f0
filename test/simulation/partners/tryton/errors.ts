import { createHash } from 'node:crypto';

/** What a call ends with when it does not end well; travels with HTTP 200, and the call's changes are undone. */
export class RpcFailure extends Error {
  override readonly name = 'RpcFailure';
  /** The `error` member of the answer. */
  readonly answer: readonly unknown[];

  constructor(answer: readonly unknown[]) {
    super(JSON.stringify(answer));
    this.answer = answer;
  }
}

/** The server does not take the call at all. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly status: number;

  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/** A rule of the ERP says no, in a text of its English catalogue. */
export const userError = (text: string): RpcFailure => new RpcFailure(['UserError', [text, '', null]]);

/** The ERP asks "are you sure?"; the name is what is answered with yes. */
export const userWarning = (name: string, text: string): RpcFailure =>
  new RpcFailure(['UserWarning', [name, text, '']]);

export const concurrencyException = (): RpcFailure =>
  new RpcFailure(['ConcurrencyException', 'Records were modified in the meanwhile']);

/** What Tryton did not foresee: a message and a traceback. */
export const unforeseen = (message: string): RpcFailure =>
  new RpcFailure([message, 'Traceback (most recent call last)']);

/** Names of warnings begin with a hash of the records they are about. */
export function warningName(name: string, model: string, ids: readonly number[]): string {
  const records = ids.map((id) => `${model},${id}`).join('|');
  return `${createHash('md5').update(records).digest('hex')}.${name}`;
}
