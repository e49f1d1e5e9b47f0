import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '#core/orders/order.ts';
import { addressHashes, buyerHashes, normalAddress, normalEmail } from '#core/returns/fraud/identity.ts';
import { shippedOrder } from '../samples.ts';

const KEYS = {
  current: 'k2',
  keys: { k1: 'an old key of thirty-two characters', k2: 'the new key of thirty-two characters' },
};

describe('a buyer', () => {
  it.each([
    ['Bob.Norman@Mail.Example.com ', 'bob.norman@mail.example.com'],
    ['bob+shoes@example.com', 'bob@example.com'],
    ['b.o.b@googlemail.com', 'bob@gmail.com'],
    ['ｂob@example.com', 'bob@example.com'],
    ['no address', undefined],
    [undefined, undefined],
  ])('%s is %s', (given, normal) => expect(normalEmail(given)).toBe(normal));

  it('is a hash by each key, the current one first, that names its key', () => {
    const [current, old, ...more] = buyerHashes(shippedOrder(), KEYS);
    expect(more).toEqual([]);
    const digest = createHmac('sha256', KEYS.keys.k2).update('email\nbob.norman@mail.example.com').digest();
    expect(current).toBe(`k2.${digest.subarray(0, 16).toString('base64url')}`);
    expect(old).toMatch(/^k1\.[\w-]{22}$/);
    expect(old?.slice(3)).not.toBe(current?.slice(3));
  });

  it('is the account in the channel where no e-mail address is known, and nobody where neither is', () => {
    const { personal: _erased, ...order } = shippedOrder();
    expect(buyerHashes(order, KEYS)).toHaveLength(2);
    const { channelCustomerId: _none, ...customer } = order.customer;
    expect(buyerHashes({ ...order, customer }, KEYS)).toEqual([]);
    expect(addressHashes(order, KEYS)).toEqual([]);
  });

  it('is not found by a hash without the key', () => {
    const other = { current: 'k2', keys: { k2: 'another key of thirty-two characters' } };
    expect(buyerHashes(shippedOrder(), other)[0]).not.toBe(buyerHashes(shippedOrder(), KEYS)[0]);
  });
});

describe('an address', () => {
  const place = (lines: string[], more: Partial<Address> = {}): Address => ({
    lines,
    postalCode: '402 02',
    country: 'US',
    ...more,
  });

  it('is the same however it is spelled, and whoever lives there', () => {
    const normal = normalAddress(place(['92 Chestnut Street', 'Apartment 4']));
    expect(
      normalAddress(place(['92, chestnut st.', 'APT 4'], { postalCode: '40202', name: 'Ann', city: 'Elsewhere' })),
    ).toBe(normal);
    expect(normalAddress(place(['Hauptstraße 1']))).toBe(normalAddress(place(['HAUPTSTR. 1'])));
    expect(normalAddress(place(['Rue Béranger 3']))).toBe(normalAddress(place(['rue beranger, 3'])));
  });

  it('is another with another number, flat, place or country', () => {
    const all = [
      place(['92 Chestnut St']),
      place(['93 Chestnut St']),
      place(['92 Chestnut St', 'Apt 4']),
      place(['92 Chestnut St'], { postalCode: '40203' }),
      place(['92 Chestnut St'], { country: 'CA' }),
    ].map(normalAddress);
    expect(new Set(all).size).toBe(all.length);
  });

  it('never throws, whatever is written in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.string({ unit: 'binary' }), (lines, text) => {
        normalAddress({ lines, city: text, country: text });
        normalEmail(text);
      }),
    );
  });
});
