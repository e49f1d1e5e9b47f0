import * as z from 'zod/mini';
import { ErpConfigurationError, resultOf, TrytonFailure, transportFailure } from './failure.ts';
import { SERIES, type Series } from './series.ts';
import { id } from './wire.ts';

export type ClientOptions = {
  /** Where the server is, without path. */
  readonly url: string;
  readonly database: string;
  readonly user: string;
  /** JSON text `{"password": "…"}`; asked for at each login, so that a changed password needs no restart. */
  readonly secret: () => Promise<string>;
  readonly callTimeoutSeconds: number;
  readonly maxAnswerBytes: number;
};

type Session = {
  readonly authorization: string;
  readonly user: number;
  readonly series: Series;
  /** Sent with every call: the user's company, and English so that error texts can be told apart. */
  readonly context: Readonly<Record<string, unknown>>;
};

const Secret = z.object({ password: z.string().check(z.minLength(1)) });
const Login = z.tuple([id, z.string().check(z.minLength(1))]);
const Preferences = z.object({ company: z.nullish(id) });

/**
 * JSON-RPC of a Tryton server over fetch, with one session that is opened when needed and opened again once when the
 * server has ended it. Throws TrytonFailure, and ErpConfigurationError for what no retry mends.
 */
export class TrytonClient {
  readonly #options: ClientOptions;
  #session: Promise<Session> | undefined;
  #calls = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Calls `model.<model>.<method>` with the user's context, `extra` added. */
  async call(
    model: string,
    method: string,
    args: readonly unknown[],
    signal: AbortSignal,
    extra: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> {
    const session = await this.#open(signal);
    try {
      return await this.#model(session, model, method, args, extra, signal);
    } catch (error) {
      if (!isUnauthenticated(error)) throw error;
    }
    // 401 is answered before the call is dispatched, so it is safe to make it again with a new session.
    this.#session = undefined;
    const renewed = await this.#open(signal);
    try {
      return await this.#model(renewed, model, method, args, extra, signal);
    } catch (error) {
      if (!isUnauthenticated(error)) throw error;
      this.#session = undefined;
      throw new ErpConfigurationError('ERP_SESSION_REFUSED', 'the ERP refuses a session that it has just opened');
    }
  }

  /** The server's release series. */
  async series(signal: AbortSignal): Promise<Series> {
    return (await this.#open(signal)).series;
  }

  /** The ERP's id of our user. */
  async user(signal: AbortSignal): Promise<number> {
    return (await this.#open(signal)).user;
  }

  /** Calls that start together wait for one login: bad logins are counted, and the seventh locks the user out. */
  #open(signal: AbortSignal): Promise<Session> {
    const opening = this.#session ?? this.#login(signal);
    this.#session = opening;
    opening.catch(() => {
      if (this.#session === opening) this.#session = undefined;
    });
    return opening;
  }

  async #login(signal: AbortSignal): Promise<Session> {
    const { database, user } = this.#options;
    try {
      const series = await this.#detectSeries(signal);
      const path = series.databasePath(database);
      const [userId, key] = Login.parse(
        await this.#post(path, 'common.db.login', [user, { password: await this.#password() }], signal),
      );
      const authorization = `Session ${Buffer.from(`${user}:${userId}:${key}`).toString('base64')}`;
      const draft: Session = { authorization, user: userId, series, context: { language: 'en' } };
      const { company } = Preferences.parse(
        await this.#model(draft, 'res.user', 'get_preferences', [true], {}, signal),
      );
      if (!company) {
        throw new ErpConfigurationError(
          'ERP_USER_WITHOUT_COMPANY',
          `user "${user}" has no company: set one in the ERP`,
        );
      }
      return { ...draft, context: { language: 'en', company } };
    } catch (error) {
      throw loginFailure(error, user, database);
    }
  }

  async #detectSeries(signal: AbortSignal): Promise<Series> {
    for (const series of SERIES) {
      try {
        await this.#post(series.serverPath, 'common.server.version', [], signal);
        return series;
      } catch (error) {
        const elsewhere = error instanceof ErpConfigurationError && /^ERP_HTTP_40[45]$/.test(error.code);
        if (!elsewhere) throw error;
      }
    }
    throw new ErpConfigurationError('ERP_NOT_TRYTON', `no Tryton server answers at ${this.#options.url}`);
  }

  async #password(): Promise<string> {
    const secret = Secret.safeParse(parseJson(await this.#options.secret()));
    if (secret.success) return secret.data.password;
    throw new ErpConfigurationError('ERP_SECRET_INVALID', 'the account\'s secret must be JSON: {"password": "…"}');
  }

  #model(
    session: Session,
    model: string,
    method: string,
    args: readonly unknown[],
    extra: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<unknown> {
    const path = session.series.databasePath(this.#options.database);
    const params = [...args, { ...session.context, ...extra }];
    return this.#post(path, `model.${model}.${method}`, params, signal, session.authorization);
  }

  async #post(
    path: string,
    method: string,
    params: readonly unknown[],
    signal: AbortSignal,
    authorization?: string,
  ): Promise<unknown> {
    if (signal.aborted) throw new TrytonFailure('unreachable', 'ERP_NOT_CALLED', 'no time was left to call the ERP');
    const { url, callTimeoutSeconds, maxAnswerBytes } = this.#options;
    this.#calls += 1;
    let response: Response;
    let body: string;
    try {
      response = await fetch(new URL(path, url), {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
        body: JSON.stringify({ id: this.#calls, method, params }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(callTimeoutSeconds * 1000)]),
      });
      body = await text(response, maxAnswerBytes);
    } catch (error) {
      throw error instanceof TrytonFailure ? error : transportFailure(error);
    }
    return resultOf({ status: response.status, retryAfter: response.headers.get('retry-after'), body });
  }
}

async function text(response: Response, limit: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > limit) {
      throw new TrytonFailure('no-answer', 'ERP_ANSWER_TOO_LARGE', `the ERP's answer is larger than ${limit} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Nothing of the business happens at a login, so whatever went wrong there is certainly without effect. */
function loginFailure(error: unknown, user: string, database: string): unknown {
  if (error instanceof ErpConfigurationError && error.code === 'ERP_HTTP_404') {
    // Tryton's answer when it can't open the database, which is an outage far more often than a wrong name.
    return new TrytonFailure('unreachable', 'ERP_DATABASE_ERROR', `the ERP can't open its database "${database}"`);
  }
  if (!(error instanceof TrytonFailure)) return error;
  switch (error.kind) {
    case 'unauthenticated':
      return new ErpConfigurationError('ERP_LOGIN_REFUSED', `the ERP refuses the login of "${user}": check the secret`);
    case 'refused':
      return new ErpConfigurationError('ERP_LOGIN_REFUSED', `the login of "${user}" fails: ${error.message}`);
    case 'no-answer':
      return new TrytonFailure('unreachable', error.code, error.message, { cause: error });
    default:
      return error;
  }
}

const isUnauthenticated = (error: unknown): boolean =>
  error instanceof TrytonFailure && error.kind === 'unauthenticated';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
