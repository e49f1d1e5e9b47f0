import type { Erp } from './erp.ts';
import type { Row } from './table.ts';

/** What is known of a model: which fields it has and where they lead, so that an unknown one fails as on a real server. */
export type Field =
  /** As it came over the wire. */
  | { readonly kind: 'plain' }
  /** A moment, kept as epoch milliseconds. */
  | { readonly kind: 'moment' }
  /** The id of a record (many2one). */
  | { readonly kind: 'one'; readonly model: string }
  /** `"sale.line,12"`: a record of one of several models. */
  | { readonly kind: 'reference' }
  /** Records that point here by a field of theirs (one2many); by a reference where `reference` is set. */
  | { readonly kind: 'many'; readonly model: string; readonly by: string; readonly reference: boolean }
  /** Ids of records (many2many). */
  | { readonly kind: 'links'; readonly model: string }
  /** Worked out when it is read. `proxy` names the field that takes what is written here. */
  | {
      readonly kind: 'computed';
      readonly read: (erp: Erp, row: Row, context: Context) => unknown;
      readonly proxy?: string;
    };

export type Context = Readonly<Record<string, unknown>>;

export type Model = {
  readonly name: string;
  /** As messages call it. */
  readonly label: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Fields by which records are found without looking at all of them. */
  readonly indexed: readonly string[];
  readonly required: readonly string[];
  /** Values that a new record has unless told otherwise. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Records are kept in the order of their last change, for those who ask what is new. */
  readonly byChange: boolean;
};

type Fields = Record<string, Field>;

/** Fields that hold what came over the wire. */
export const plain = (names: string): Fields =>
  Object.fromEntries(names.split(' ').map((name) => [name, { kind: 'plain' }]));

export const one = (model: string): Field => ({ kind: 'one', model });
export const reference: Field = { kind: 'reference' };
export const links = (model: string): Field => ({ kind: 'links', model });
export const many = (model: string, by: string): Field => ({ kind: 'many', model, by, reference: false });
export const manyByReference = (model: string, by: string): Field => ({ kind: 'many', model, by, reference: true });

/** `T` is the row that the reader knows; the schema gives each reader rows of its own model. */
export const computed = <T extends Row>(
  read: (erp: Erp, row: T, context: Context) => unknown,
  proxy?: string,
): Field => ({
  kind: 'computed',
  read: read as unknown as (erp: Erp, row: Row, context: Context) => unknown,
  ...(proxy !== undefined && { proxy }),
});

export function model(
  name: string,
  label: string,
  fields: Fields,
  more: Partial<Pick<Model, 'indexed' | 'required' | 'defaults' | 'byChange'>> = {},
): Model {
  return {
    name,
    label,
    fields: { id: { kind: 'plain' }, create_date: { kind: 'moment' }, write_date: { kind: 'moment' }, ...fields },
    indexed: more.indexed ?? [],
    required: more.required ?? [],
    defaults: more.defaults ?? {},
    byChange: more.byChange ?? false,
  };
}
