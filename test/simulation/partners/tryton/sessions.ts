import { HttpFailure } from './errors.ts';

/** Bad logins in a row that are answered 401; those after them are answered 429 until a while has passed. */
const BAD_LOGINS = 6;
const BAD_LOGIN_MEMORY_MS = 5 * 60_000;

export type Account = { readonly user: number; readonly login: string; readonly password: string };

type Session = { readonly user: number; readonly since: number };

/** Logins and the sessions that they open. */
export class Sessions {
  readonly #accounts: ReadonlyMap<string, Account>;
  readonly #open = new Map<string, Session>();
  readonly #bad = new Map<string, number[]>();
  #opened = 0;

  constructor(accounts: readonly Account[]) {
    this.#accounts = new Map(accounts.map((account) => [account.login, account]));
  }

  /** Opens a session; answers the user's id and the session's key. */
  login(login: string, password: unknown, now: number): [user: number, key: string] {
    const bad = (this.#bad.get(login) ?? []).filter((at) => now - at < BAD_LOGIN_MEMORY_MS);
    if (bad.length >= BAD_LOGINS) throw new HttpFailure(429);
    const account = this.#accounts.get(login);
    if (!account || account.password !== password) {
      this.#bad.set(login, [...bad, now]);
      throw new HttpFailure(401);
    }
    this.#bad.delete(login);
    this.#opened += 1;
    const key = this.#opened.toString(16).padStart(64, '0');
    const { user } = account;
    this.#open.set(`Session ${Buffer.from(`${login}:${user}:${key}`).toString('base64')}`, { user, since: now });
    return [user, key];
  }

  /** The user of a request by its authorization header. Answered 401 when the session has ended or never began. */
  user(authorization: string | undefined, now: number, lifetimeMs: number): number {
    const session = authorization === undefined ? undefined : this.#open.get(authorization);
    if (session && now - session.since < lifetimeMs) return session.user;
    if (authorization !== undefined) this.#open.delete(authorization);
    throw new HttpFailure(401);
  }

  /** Ends all sessions, as a restart with another session store does. */
  end(): void {
    this.#open.clear();
  }
}
