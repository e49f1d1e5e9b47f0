import * as z from 'zod/mini';
import type { TrytonClient } from './client.ts';
import { TrytonFailure } from './failure.ts';
import type { Series } from './series.ts';
import { ids } from './wire.ts';

export type Domain = readonly unknown[];
export type Values = Readonly<Record<string, unknown>>;
/** What is asked of records whose id is enough. */
export const ID_ONLY = {};

const ONE_ID = ids.check(z.length(1));

type Fields = Readonly<Record<string, z.ZodMiniType>>;
type Row<F extends Fields> = z.infer<z.ZodMiniObject<F>> & { id: number };
type Query = {
  readonly limit?: number;
  readonly order?: readonly (readonly [string, 'ASC' | 'DESC'])[];
  readonly context?: Values;
};

/**
 * The calls of one piece of work: bound to its signal, and aware of whether a change may have reached the ERP, on which it
 * depends what a lost connection means.
 */
export class Calls {
  readonly #client: TrytonClient;
  readonly #signal: AbortSignal;
  readonly #acknowledge: readonly string[];
  #changed = false;

  constructor(client: TrytonClient, signal: AbortSignal, acknowledge: readonly string[] = []) {
    this.#client = client;
    this.#signal = signal;
    this.#acknowledge = acknowledge;
  }

  /** Whether any change of this work took, or may have taken, effect. */
  get changed(): boolean {
    return this.#changed;
  }

  series(): Promise<Series> {
    return this.#client.series(this.#signal);
  }

  /** Records that match a domain, with the fields of the shape. */
  async find<F extends Fields>(model: string, domain: Domain, shape: F, query: Query = {}): Promise<Row<F>[]> {
    const { limit = null, order = null, context } = query;
    const args = [domain, 0, limit, order, askedOf(shape).names];
    return rows(shape, await this.#client.call(model, 'search_read', args, this.#signal, context));
  }

  /** Records by id, in the order of the ids. Rejected by the ERP when one does not exist. */
  async read<F extends Fields>(model: string, wanted: readonly number[], shape: F): Promise<Row<F>[]> {
    if (wanted.length === 0) return [];
    const found = rows(shape, await this.#client.call(model, 'read', [wanted, askedOf(shape).names], this.#signal));
    const byId = new Map(found.map((row) => [row.id, row]));
    return wanted.flatMap((one) => byId.get(one) ?? []);
  }

  async create(model: string, values: Values): Promise<number> {
    const [created] = ONE_ID.parse(await this.#change(model, 'create', [[values]]));
    return created as number;
  }

  async write(model: string, which: readonly number[], values: Values): Promise<void> {
    await this.#change(model, 'write', [which, values]);
  }

  /**
   * Presses a button of the workflow. An answer proves nothing: in the wrong state Tryton 7.0 answers null and does
   * nothing, so the caller reads the state again.
   */
  async press(model: string, button: string, which: readonly number[]): Promise<void> {
    await this.#change(model, button, [which]);
  }

  async #change(model: string, method: string, args: readonly unknown[]): Promise<unknown> {
    try {
      return await this.#send(model, method, args);
    } catch (error) {
      if (!(error instanceof TrytonFailure) || error.kind !== 'warning' || error.warning === undefined) throw error;
      if (!this.#acknowledged(error.warning)) throw error;
      // Said yes for this user and this once; the ERP forgets it when the call is made again.
      const user = await this.#client.user(this.#signal);
      await this.#send('res.user.warning', 'create', [[{ user, name: error.warning, always: false }]]);
      return await this.#send(model, method, args);
    }
  }

  async #send(model: string, method: string, args: readonly unknown[]): Promise<unknown> {
    try {
      const result = await this.#client.call(model, method, args, this.#signal);
      this.#changed = true;
      return result;
    } catch (error) {
      if (error instanceof TrytonFailure && error.kind === 'no-answer') this.#changed = true;
      throw error;
    }
  }

  /** Names are `<hash of the records>.<what>`; only the second part can be known in advance. */
  #acknowledged(warning: string): boolean {
    return this.#acknowledge.some((name) => warning === name || warning.endsWith(`.${name}`));
  }
}

/** A key that ends in a dot asks for fields of the record that a many2one points to: `'product.': z.object({ code })`. */
const fieldNames = (shape: Fields): string[] =>
  Object.entries(shape).flatMap(([name, schema]) =>
    name.endsWith('.') && schema instanceof z.ZodMiniObject
      ? Object.keys(schema.shape).map((related) => `${name}${related}`)
      : [name],
  );

/** A schema is compiled at its first use, which costs far more than a use: shapes stand at the top of their files. */
const asked = new WeakMap<Fields, { readonly names: readonly string[]; readonly schema: z.ZodMiniType }>();

function askedOf(shape: Fields) {
  const known = asked.get(shape) ?? {
    names: fieldNames(shape),
    schema: z.array(z.object({ ...shape, id: z.int() })),
  };
  asked.set(shape, known);
  return known;
}

function rows<F extends Fields>(shape: F, answer: unknown): Row<F>[] {
  const parsed = askedOf(shape).schema.safeParse(answer);
  if (parsed.success) return parsed.data as Row<F>[];
  const issue = parsed.error.issues[0];
  throw new Error(
    `the ERP's answer has another form than Tryton's at ${issue?.path.join('.')}: ${issue?.message}; is this a supported series?`,
  );
}
