import { describe, expect, it } from 'vitest';
import type { OpenOrder } from '#core/orders/state.ts';
import { evaluate, type ReturnPolicy } from '#core/returns/policy.ts';
import { fitsAny, type PolicyRule, type RuleConditions } from '#core/returns/policy-rules.ts';
import { rulesOn } from '#core/returns/policy-versions.ts';
import { MARKETPLACE_REASONS } from '#core/returns/reasons.ts';
import { zones } from '#platform/zones.ts';
import { returnsSchema } from '../../../lib/config/returns-policy.ts';
import { NOW, POLICY, shippedOrder } from './samples.ts';

const judge = (policy: Partial<ReturnPolicy>, order: OpenOrder = shippedOrder(), reasonCode = 'UNWANTED') => {
  const lines = [{ lineId: 'L1', quantity: 1, reasonCode }];
  return evaluate({ order, lines, requestedAt: NOW }, { ...POLICY, ...policy }, MARKETPLACE_REASONS, zones);
};
const rule = (
  when: RuleConditions,
  effect: PolicyRule['effect'] = { kind: 'reject' },
  code = 'THE_RULE',
): PolicyRule => ({
  code,
  message: 'because',
  when,
  effect,
});
const firstLine = ({ lines }: ReturnType<typeof judge>) => {
  const [line] = lines;
  if (!line) throw new Error('one line was asked for');
  return line;
};

describe('rules of a policy', () => {
  it.each<[string, RuleConditions, boolean]>([
    ['no condition', {}, true],
    ['the channel', { channels: ['shopify/main'] }, true],
    ['any account of the channel', { channels: ['shopify/*'] }, true],
    ['another channel', { channels: ['amazon/*'] }, false],
    ['the SKU', { skus: ['TSHIRT-*'] }, true],
    ['another SKU', { skus: ['MUG-*'] }, false],
    ['an attribute', { attributes: ['hazmat', 'apparel'] }, true],
    ['another attribute', { attributes: ['hazmat'] }, false],
    ['the country', { countries: ['US', 'CA'] }, true],
    ['another country', { countries: ['CA'] }, false],
    ['any but the country', { notCountries: ['US'] }, false],
    ['any but another country', { notCountries: ['CA'] }, true],
    ['the kind of customer', { customerType: 'consumer' }, true],
    ['the other kind', { customerType: 'business' }, false],
    ['the reason', { reasons: ['changed-mind'] }, true],
    ['another reason', { reasons: ['defective'] }, false],
    ['no fault of the seller', { sellerFault: false }, true],
    ['a fault of the seller', { sellerFault: true }, false],
    ['at least its value', { valueFrom: { USD: 1_357 } }, true],
    ['a cent more than its value', { valueFrom: { USD: 1_358 } }, false],
    ['at most its value', { valueUpTo: { USD: 1_357 } }, true],
    ['a cent less than its value', { valueUpTo: { USD: 1_356 } }, false],
    ['a value in another currency', { valueUpTo: { EUR: 1_000_000 } }, false],
    ['one condition of two', { channels: ['shopify/*'], countries: ['CA'] }, false],
  ])('apply by %s', (_what, when, applies) => {
    const items = [{ skus: ['TSHIRT-*'], attributes: ['apparel'] }];
    const decision = judge({ items, rules: [rule(when)] });
    expect(decision.decision).toBe(applies ? 'rejected' : 'approved');
    expect(firstLine(decision).ruleInputs).toEqual({ attributes: ['apparel'], rules: applies ? ['THE_RULE'] : [] });
    expect(decision.reasons).toEqual(applies ? [{ code: 'THE_RULE', message: 'because' }] : []);
  });

  it('that ask who the buyer or the reason is do not apply where nobody knows', () => {
    const order = shippedOrder({ customer: { type: 'consumer', taxExempt: false } });
    for (const when of [{ countries: ['US'] }, { notCountries: ['CA'] }]) {
      expect(judge({ rules: [rule(when)] }, order).decision).toBe('approved');
    }
    for (const when of [{ sellerFault: false }, { sellerFault: true }, { reasons: ['other'] as const }]) {
      expect(judge({ rules: [rule(when)] }, shippedOrder(), 'TOO_PINK').decision).toBe('review');
    }
  });

  it('leave a line to a person', () => {
    expect(judge({ rules: [rule({}, { kind: 'review' })] })).toMatchObject({
      decision: 'review',
      reasons: [{ code: 'THE_RULE' }],
    });
  });

  it('let the buyer keep what is worth little, and say where goods go', () => {
    const rules = [
      rule({ valueUpTo: { USD: 2_000 } }, { kind: 'keep-item' }, 'LOW_VALUE'),
      rule({ sellerFault: false }, { kind: 'disposition', disposition: 'refurbish' }, 'OPEN_BOX'),
    ];
    expect(firstLine(judge({ rules }))).toMatchObject({
      decision: 'approved',
      keepItem: true,
      dispositionHint: 'refurbish',
    });
    expect(firstLine(judge({}))).toMatchObject({ dispositionHint: 'restock' });
    expect(firstLine(judge({})).keepItem).toBeUndefined();
    expect(firstLine(judge({}, shippedOrder(), 'DEFECTIVE')).dispositionHint).toBe('quarantine');
    expect(firstLine(judge({}, shippedOrder(), 'TOO_PINK')).dispositionHint).toBe('quarantine');
  });

  it('shorten or lengthen the window, the first of several', () => {
    const rules = [rule({}, { kind: 'window', days: 2 }, 'SHORT'), rule({}, { kind: 'window', days: 90 }, 'LONG')];
    expect(judge({ rules })).toMatchObject({ decision: 'rejected', reasons: [{ code: 'WINDOW_PASSED' }] });
    expect(firstLine(judge({ rules })).window).toMatchObject({ until: '2026-11-23' });
  });

  it('tell the estimate by net and by each tax', () => {
    expect(firstLine(judge({}))).toMatchObject({
      refundEstimate: 1_357,
      worth: { net: 1_234, taxes: [{ title: 'Tax', rate: '0.10', amount: 123, collectedBy: 'seller' }] },
    });
  });
});

describe('patterns', () => {
  it.each([
    ['HAZ-1', 'HAZ-1', true],
    ['HAZ-12', 'HAZ-1', false],
    ['HAZ-12', 'HAZ-*', true],
    ['HAZ-', 'HAZ-*', true],
    ['XL-SHIRT-RED', '*-SHIRT-*', true],
    ['SHIRT-RED', '*-SHIRT-*', false],
    ['AB', 'AB*B', false],
    ['ABB', 'AB*B', true],
    ['anything', '*', true],
    ['a.c', 'a?c', false],
  ])('%s fits %s: %s', (text, pattern, fits) => expect(fitsAny(text, [pattern])).toBe(fits));
});

describe('versions of a policy', () => {
  const amendments = [
    { effectiveFrom: '2026-11-21', version: 'policy-9', windowDays: 10 },
    { effectiveFrom: '2026-11-01', version: 'policy-8', windowDays: 60, finalSaleSkus: ['TSHIRT-M'] },
  ];
  const on = (placedAt: string, changes: Partial<ReturnPolicy> = {}) =>
    rulesOn({ placedAt, requestedAt: NOW }, { ...POLICY, amendments, ...changes }, zones);

  it('apply by the day of the order', () => {
    expect(on('2026-10-31T23:59:59.999Z')).toMatchObject({ version: 'policy-7', windowDays: 30, finalSaleSkus: [] });
    expect(on('2026-11-01T00:00:00.000Z')).toMatchObject({ version: 'policy-8', windowDays: 60 });
  });

  it('keep what a later one does not speak of', () => {
    expect(on('2026-11-22T00:00:00.000Z')).toMatchObject({
      version: 'policy-9',
      windowDays: 10,
      finalSaleSkus: ['TSHIRT-M'],
    });
  });

  it('apply by the day of the request where the policy says so', () => {
    expect(on('2026-10-01T00:00:00.000Z', { judgedBy: 'request-day' }).version).toBe('policy-9');
  });

  it('begin with the day of the merchant', () => {
    const window = returnsSchema.parse({ ...POLICY, window: { zone: 'America/New_York' } }).window;
    if (!window) throw new Error('a window was given');
    expect(on('2026-11-01T03:59:59.999Z', { window }).version).toBe('policy-7');
    expect(on('2026-11-01T04:00:00.000Z', { window }).version).toBe('policy-8');
  });

  it('are named in the decision', () => {
    expect(judge({ amendments }).policyVersion).toBe('policy-8');
  });
});

describe('the policy in the configuration', () => {
  it.each([
    ['a zone that there is not', { window: { zone: 'Mars/Olympus' } }],
    ['a rule with a field that nobody reads', { rules: [{ ...rule({}), when: { colour: 'red' } }] }],
    ['a reason that there is not', { rules: [{ ...rule({}), when: { reasons: ['too-pink'] } }] }],
    [
      'an extension that ends before it begins',
      {
        window: { extensions: [{ name: 'x', boughtFrom: '2026-12-01', boughtTo: '2026-11-01', until: '2027-01-01' }] },
      },
    ],
    ['two versions of one name', { amendments: [{ effectiveFrom: '2027-01-01', version: 'policy-7' }] }],
    [
      'two amendments from one day',
      { amendments: ['a', 'b'].map((version) => ({ effectiveFrom: '2027-01-01', version })) },
    ],
    ['a date that there is not', { amendments: [{ effectiveFrom: '2027-02-30', version: 'a' }] }],
    ['a week without a business day', { window: { calendar: { weekend: [1, 2, 3, 4, 5, 6, 7] } } }],
  ])('is refused with %s', (_what, changes) => {
    expect(returnsSchema.safeParse({ ...POLICY, ...changes }).success).toBe(false);
  });

  it('changes nothing in an amendment by what is left out', () => {
    const { amendments } = returnsSchema.parse({
      ...POLICY,
      amendments: [{ effectiveFrom: '2027-01-01', version: 'a' }],
    });
    expect(amendments).toEqual([{ effectiveFrom: '2027-01-01', version: 'a' }]);
  });
});
