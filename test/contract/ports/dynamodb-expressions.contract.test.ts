import { beforeAll, describe, expect, it } from 'vitest';
import { PLACES, type Rows } from './dynamodb-places.ts';

const ROW = {
  number: 5,
  word: 'mug',
  blank: '',
  nothing: null,
  yes: true,
  list: [1, 'two', { deep: 1 }],
  map: { deep: { deeper: 1 } },
  tags: new Set(['a', 'b']),
};

type Values = Record<string, unknown>;

/** A condition, its values, and whether it holds of the row. */
const CONDITIONS: readonly [string, Values | undefined, boolean][] = [
  ['#n = :v', { ':v': 5 }, true],
  [':v = #n', { ':v': 5 }, true],
  ['#n = :v', { ':v': '5' }, false],
  ['#n <> :v', { ':v': '5' }, true],
  ['#n <> :v', { ':v': 5 }, false],
  ['absent = :v', { ':v': 5 }, false],
  ['absent <> :v', { ':v': 5 }, true],
  ['NOT absent = :v', { ':v': 5 }, true],
  ['#n < :v', { ':v': 6 }, true],
  ['#n < :v', { ':v': 'x' }, false],
  ['#n <= :v AND #n >= :v', { ':v': 5 }, true],
  ['#n > :v', { ':v': 5 }, false],
  ['word > :v', { ':v': 'mua' }, true],
  ['blank = :v', { ':v': '' }, true],
  ['nothing = :v', { ':v': null }, true],
  ['yes = :v', { ':v': true }, true],
  ['#l = :v', { ':v': [1, 'two', { deep: 1 }] }, true],
  ['#l = :v', { ':v': [1, 'two'] }, false],
  ['#m = :v', { ':v': { deep: { deeper: 1 } } }, true],
  ['#m = :v', { ':v': { deep: { deeper: 1 }, extra: undefined } }, true],
  ['tags = :v', { ':v': new Set(['b', 'a']) }, true],
  ['#m.deep.deeper = :v', { ':v': 1 }, true],
  ['#l[2].deep = :v', { ':v': 1 }, true],
  ['#n BETWEEN :low AND :high', { ':low': 1, ':high': 5 }, true],
  ['#n between :low and :high', { ':low': 6, ':high': 9 }, false],
  ['#n IN (:a, :b)', { ':a': 1, ':b': 5 }, true],
  ['#n IN (:a)', { ':a': 1 }, false],
  ['attribute_exists(nothing)', undefined, true],
  ['attribute_not_exists(nothing)', undefined, false],
  ['attribute_exists(#l[1])', undefined, true],
  ['attribute_exists(#l[3])', undefined, false],
  ['attribute_not_exists(#m.absent.deeper)', undefined, true],
  ['begins_with(word, :v)', { ':v': 'mu' }, true],
  ['begins_with(#n, :v)', { ':v': '5' }, false],
  ['contains(word, :v)', { ':v': 'ug' }, true],
  ['contains(word, :v)', { ':v': 5 }, false],
  ['contains(#l, :v)', { ':v': { deep: 1 } }, true],
  ['contains(tags, :v)', { ':v': 'c' }, false],
  // AND before OR, NOT before AND.
  ['#n = :yes OR #n = :no AND word = :no', { ':yes': 5, ':no': 'x' }, true],
  ['(#n = :yes OR #n = :no) AND word = :no', { ':yes': 5, ':no': 'x' }, false],
  ['NOT #n = :no AND #n = :yes', { ':yes': 5, ':no': 'x' }, true],
  ['NOT (#n = :yes OR #n = :no)', { ':yes': 5, ':no': 'x' }, false],
];

const WRONG_CONDITIONS: readonly [string, Values | undefined][] = [
  ['status = :v', { ':v': 5 }],
  ['word = :v', { ':extra': 5 }],
  ['word = :v', { ':v': 5, ':unused': 5 }],
  ['word = :v', { ':v': undefined }],
  ['word = :v', {}],
  ['attribute_exists(word)', {}],
  ['#undefined = :v', { ':v': 5 }],
  ['word == :v', { ':v': 5 }],
  ['word = :v more', { ':v': 5 }],
  ['word = ', undefined],
  ['word = 5', undefined],
  ['word = word', undefined],
  ['_word = :v', { ':v': 5 }],
  ['((word = :v))', { ':v': 5 }],
  ['#n < :v', { ':v': null }],
  ['begins_with(word, :v)', { ':v': 5 }],
  ['#n BETWEEN :low AND :high', { ':low': 6, ':high': 5 }],
];

/** An update, its values, and what the row's changed attributes are after it (undefined: gone). */
const UPDATES: readonly [string, Values | undefined, Values][] = [
  ['SET extra = :v', { ':v': { a: 1, gone: undefined } }, { extra: { a: 1 } }],
  ['SET #n = #n + :v', { ':v': 2 }, { number: 7 }],
  ['SET #n = :v - #n', { ':v': 2 }, { number: -3 }],
  ['SET #n = if_not_exists(#n, :zero) + :v', { ':v': 1, ':zero': 0 }, { number: 6 }],
  ['SET extra = if_not_exists(extra, :zero) + :v', { ':v': 1, ':zero': 0 }, { extra: 1 }],
  ['SET extra = if_not_exists(nothing, :v)', { ':v': 1 }, { extra: null }],
  ['SET #l = list_append(#l, :v)', { ':v': [9] }, { list: [1, 'two', { deep: 1 }, 9] }],
  ['SET extra = list_append(if_not_exists(extra, :none), :v)', { ':v': [9], ':none': [] }, { extra: [9] }],
  ['SET #m.deep.deeper = :v, #m.extra = :v', { ':v': 2 }, { map: { deep: { deeper: 2 }, extra: 2 } }],
  ['SET #n = :v, extra = #n', { ':v': 9 }, { number: 9, extra: 5 }],
  ['SET extra = #l[1]', undefined, { extra: 'two' }],
  ['REMOVE word, absent', undefined, { word: undefined }],
  ['REMOVE #m.deep.deeper', undefined, { map: { deep: {} } }],
  ['ADD #n :v, extra :v', { ':v': -2 }, { number: 3, extra: -2 }],
  ['ADD tags :v', { ':v': new Set(['c', 'a']) }, { tags: new Set(['a', 'b', 'c']) }],
  ['DELETE tags :v', { ':v': new Set(['a', 'x']) }, { tags: new Set(['b']) }],
  ['DELETE tags :v', { ':v': new Set(['a', 'b']) }, { tags: undefined }],
  ['set extra = word remove word add #n :v', { ':v': 1 }, { extra: 'mug', word: undefined, number: 6 }],
];

const WRONG_UPDATES: readonly [string, Values | undefined][] = [
  ['SET extra = absent', undefined],
  ['SET extra = word + :v', { ':v': 1 }],
  ['SET #l = list_append(word, :v)', { ':v': [1] }],
  ['SET #m.absent.deeper = :v', { ':v': 1 }],
  ['REMOVE #m.absent.deeper', undefined],
  ['SET #n = :v, #n = :v', { ':v': 1 }],
  ['SET #m.deep = :v REMOVE #m', { ':v': 1 }],
  ['SET extra = :v SET third = :v', { ':v': 1 }],
  ['SET pk = :v', { ':v': 'extra' }],
  ['REMOVE sk', undefined],
  ['SET count = :v', { ':v': 1 }],
  ['SET', undefined],
  ['ADD word :v', { ':v': 1 }],
  ['ADD tags :v', { ':v': new Set([1]) }],
  ['DELETE #n :v', { ':v': new Set(['a']) }],
  ['SET dueAt = :v', { ':v': '' }],
];

const NAMES: Record<string, string> = { '#n': 'number', '#l': 'list', '#m': 'map' };

/** The names that an expression uses. */
function named(expression: string): object {
  const used = Object.entries(NAMES).filter(([name]) => expression.includes(name));
  return used.length > 0 ? { ExpressionAttributeNames: Object.fromEntries(used) } : {};
}

describe.each(PLACES)('expressions of DynamoDB ($name)', ({ open }) => {
  let rows: Rows;
  let pk: string;
  let count = 0;
  beforeAll(async () => {
    rows = await open();
  });
  const givenRow = async () => {
    pk = `row-${++count}`;
    await rows.put({ pk, sk: '1', ...ROW });
  };
  const deleteIf = (condition: string, values: Values | undefined) =>
    rows.delete(pk, {
      ConditionExpression: condition,
      ...named(condition),
      ...(values && { ExpressionAttributeValues: values }),
    });
  const update = (expression: string, values: Values | undefined) =>
    rows.update(pk, expression, values, { ...named(expression), ReturnValues: 'ALL_NEW' });

  it.each(CONDITIONS)('%s %o: %s', async (condition, values, holds) => {
    await givenRow();
    const deleted = deleteIf(condition, values);
    if (holds) await deleted;
    else await expect(deleted).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(await rows.get(pk, '1')).toEqual(holds ? undefined : { pk, sk: '1', ...ROW });
  });

  it.each(WRONG_CONDITIONS)('%s %o is refused', async (condition, values) => {
    await givenRow();
    await expect(deleteIf(condition, values)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('hold of a row that is not there as of one without attributes', async () => {
    pk = 'nobody';
    await deleteIf('attribute_not_exists(pk) AND word <> :v', { ':v': 'mug' });
    await expect(deleteIf('word = :v', { ':v': 'mug' })).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
    });
  });

  it.each(UPDATES)('%s %o', async (expression, values, changed) => {
    await givenRow();
    const { Attributes } = await update(expression, values);
    const after = Object.fromEntries(
      Object.entries({ pk, sk: '1', ...ROW, ...changed }).filter(([, value]) => value !== undefined),
    );
    expect(Attributes).toEqual(after);
    expect(await rows.get(pk, '1')).toEqual(after);
  });

  it.each(WRONG_UPDATES)('%s %o is refused', async (expression, values) => {
    await givenRow();
    await expect(update(expression, values)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(await rows.get(pk, '1')).toEqual({ pk, sk: '1', ...ROW });
  });

  it('make a row that was not there', async () => {
    await rows.update('new-set', 'SET a = if_not_exists(a, :v)', { ':v': 1 });
    expect(await rows.get('new-set', '1')).toEqual({ pk: 'new-set', sk: '1', a: 1 });
    await rows.update('new-remove', 'REMOVE a');
    expect(await rows.get('new-remove', '1')).toEqual({ pk: 'new-remove', sk: '1' });
  });
});
