import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { verifier } from '#connectors/generic/verify.ts';
import { connectors } from '#connectors/registry.ts';
import vectors from './fixtures/standard-webhooks.json' with { type: 'json' };

const { official, ed25519, multiSignature } = vectors;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

type Parts = {
  id?: string;
  timestamp?: string;
  signature?: string;
  body?: Uint8Array;
  secrets?: string[];
  now?: number;
};

function verdict({
  id = official.id,
  timestamp = String(official.timestamp),
  signature = official.signature,
  body = bytes(official.body),
  secrets = [official.secret],
  now = official.timestamp,
}: Parts = {}) {
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return verifier.verify({ headers, body }, secrets, now);
}

const codeOf = (parts?: Parts): string => {
  const given = verdict(parts);
  return given.authentic ? 'authentic' : given.code;
};

describe('Standard Webhooks signature', () => {
  it('takes the official vector', () => {
    expect(verdict()).toEqual({ authentic: true, deliveryId: official.id, topic: 'standard-webhook' });
  });

  it('takes a message that one of several signatures fits, whatever their versions', () => {
    expect(codeOf({ signature: multiSignature })).toBe('authentic');
    expect(codeOf({ signature: `${ed25519.signature} ${official.signature}` })).toBe('authentic');
  });

  it('takes either of two active secrets, with prefix or without', () => {
    const other = `whsec_${randomBytes(32).toString('base64')}`;
    expect(codeOf({ secrets: [other, official.secret] })).toBe('authentic');
    expect(codeOf({ secrets: [official.secret.replace('whsec_', '')] })).toBe('authentic');
    expect(codeOf({ secrets: [other] })).toBe('SIGNATURE_MISMATCH');
  });

  it.each([
    [-300, 'authentic'],
    [-301, 'TIMESTAMP_IN_FUTURE'],
    [300, 'authentic'],
    [301, 'TIMESTAMP_TOO_OLD'],
  ])('signed %d seconds before now is %s', (age, code) => {
    expect(codeOf({ now: official.timestamp + age })).toBe(code);
  });

  it.each([
    ['SIGNATURE_MISSING', { id: '' }],
    ['SIGNATURE_MISSING', { timestamp: '' }],
    ['SIGNATURE_MISSING', { signature: '' }],
    ['TIMESTAMP_MALFORMED', { timestamp: '1614265330.5' }],
    ['TIMESTAMP_MALFORMED', { timestamp: '2021-02-25T15:02:10Z' }],
    ['TIMESTAMP_MALFORMED', { timestamp: ' 1614265330' }],
    ['DELIVERY_ID_MALFORMED', { id: 'msg_1.1614265330' }],
    ['DELIVERY_ID_MALFORMED', { id: 'x'.repeat(201) }],
    ['SIGNATURE_MALFORMED', { signature: 'v1,' }],
    ['SIGNATURE_MALFORMED', { signature: official.signature.slice(0, -4) }],
    ['SIGNATURE_MALFORMED', { signature: official.signature.replace('v1,', '') }],
    ['SIGNATURE_MALFORMED', { signature: official.signature.replace('v1,', 'v2,') }],
    ['SIGNATURE_MALFORMED', { signature: ed25519.signature }],
    ['SECRET_UNUSABLE', { secrets: [] }],
    ['SECRET_UNUSABLE', { secrets: ['', 'whsec_'] }],
    ['SECRET_UNUSABLE', { secrets: ['whsec_not base64 at all!'] }],
    ['SECRET_UNUSABLE', { secrets: [`whsec_${randomBytes(23).toString('base64')}`] }],
    ['SECRET_UNUSABLE', { secrets: [`whsec_${randomBytes(65).toString('base64')}`] }],
    ['SIGNATURE_MISMATCH', { id: `${official.id}x` }],
    ['SIGNATURE_MISMATCH', { timestamp: String(official.timestamp + 1) }],
    ['SIGNATURE_MISMATCH', { body: bytes('{"test":2432232314}') }],
  ])('%s for %j', (code, parts) => expect(codeOf(parts)).toBe(code));

  it('agrees with the reference library on every message that either signs', () => {
    const given = fc.record({
      key: fc.uint8Array({ minLength: 24, maxLength: 64 }),
      id: fc.stringMatching(/^msg_[A-Za-z0-9]{1,40}$/),
      body: fc.json(),
    });
    fc.assert(
      fc.property(given, ({ key, id, body }) => {
        const secret = `whsec_${Buffer.from(key).toString('base64')}`;
        const now = Math.floor(Date.now() / 1000);
        const signer = new Webhook(secret);
        const theirs = signer.sign(id, new Date(now * 1000), body);
        expect(
          codeOf({ id, timestamp: String(now), signature: theirs, body: bytes(body), secrets: [secret], now }),
        ).toBe('authentic');
        const ours = `v1,${createHmac('sha256', key).update(`${id}.${now}.${body}`).digest('base64')}`;
        const headers = { 'webhook-id': id, 'webhook-timestamp': String(now), 'webhook-signature': ours };
        expect(() => signer.verify(body, headers)).not.toThrow();
      }),
    );
  });

  it('fits no body that differs in one byte', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const altered = bytes(official.body);
        const place = at % altered.length;
        altered[place] = (altered[place] ?? 0) ^ flip;
        expect(codeOf({ body: altered })).toBe('SIGNATURE_MISMATCH');
      }),
    );
  });

  it('is what the registry hands to the command line', () => expect(connectors.generic?.verifier).toBe(verifier));
});
