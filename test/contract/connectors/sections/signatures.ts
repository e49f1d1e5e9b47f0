import { describe, expect, it } from 'vitest';
import type { Verification } from '#application/ports/connector.ts';
import { IntakeHouse, NOW } from '../intake-house.ts';
import { isLeftOut, type Sample, type Signed, type WebhookSubject } from '../under-test.ts';
import { leftOut } from './left-out.ts';

const AT = Math.floor(Date.parse(NOW) / 1000);

/** Who may send: by the raw bytes, each active secret, and nothing else. */
export function signatures(subject: WebhookSubject): void {
  const { manifest, verifier, webhook } = subject;
  const { accepted, unauthenticated, tooLarge } = manifest.webhook.answers;
  const { signature, secrets } = webhook;
  const [sample] = Object.values(webhook.history) as [Sample];
  // Spaces, umlauts and an emoji: bytes that parsing and printing again would not give back.
  const body = Buffer.from(`${JSON.stringify(sample.body, null, 1)} \n`.replace('{', '{ "kit": "Zoë 😀",'));
  const house = () => new IntakeHouse(subject);
  const signed = (changes: Partial<{ secret: string; at: number; delivery: string }> = {}): Signed =>
    house().signed(sample, { body, at: AT, delivery: 'delivery-1', ...changes });
  const verdict = ({ headers, body }: Signed, active: readonly string[] = [secrets.current], at = AT): Verification =>
    verifier.verify({ headers, body }, active, at);
  const withDigest = (digest: string): Signed => {
    const good = signed();
    return { ...good, headers: { ...good.headers, [signature.header]: signature.write(digest) } };
  };
  const digest = (): string => signature.read(signed().headers[signature.header] ?? '');

  it.each([true, false])('a good one is taken and queued byte for byte (as base64: %s)', async (base64) => {
    const open = house();
    expect(await open.receive(signed(), { base64 })).toBe(accepted);
    const [queued] = open.queued.map((text) => JSON.parse(text));
    expect(Buffer.from(queued.body, 'base64').equals(body)).toBe(true);
    expect(queued).toMatchObject({ connector: manifest.id, account: 'main' });
  });

  const { vectors } = webhook;
  if (isLeftOut(vectors)) leftOut("the vendor's own vectors", vectors);
  else {
    it.each(vectors)('vector: $name', ({ secret, at, valid, ...message }) => {
      expect(verdict(message, [secret], at).authentic).toBe(valid);
    });
    it('vectors are good ones and bad ones', () => {
      expect(new Set(vectors.map(({ valid }) => valid)).size).toBe(2);
    });
  }

  describe('are refused, and nothing is queued', () => {
    const refused = async (request: Signed, options = {}): Promise<void> => {
      const open = house();
      expect(await open.receive(request, options)).toBe(unauthenticated);
      expect(open.queued).toEqual([]);
    };

    it('forged with a secret of somebody else', () => refused(signed({ secret: secrets.stranger })));

    it('missing', () => refused({ ...signed(), headers: {} }));

    it('good, for an account that does not exist', () => refused(signed(), { account: 'none' }));

    it('over a body of which one byte is altered, whichever it is', async () => {
      const { headers } = signed();
      const passed = [...body.keys()].filter((at) => {
        const altered = Uint8Array.from(body);
        altered[at] = (altered[at] ?? 0) ^ 1;
        return verdict({ headers, body: altered }).authentic;
      });
      expect(passed).toEqual([]);
      await refused({ headers, body: Buffer.concat([body, Buffer.from(' ')]) });
      await refused({ headers, body: body.subarray(1) });
    });

    it('over the same content printed again', () =>
      refused({ ...signed(), body: Buffer.from(JSON.stringify(JSON.parse(body.toString()))) }));

    it('in another encoding than the partner writes', () => {
      const good = digest();
      const taken = Object.entries(otherEncodings(good)).filter(([, text]) => verdict(withDigest(text)).authentic);
      expect(taken.map(([name]) => name)).toEqual([]);
      expect(verdict(withDigest(good)).authentic).toBe(true);
    });

    const { covers } = signature;
    if (isLeftOut(covers)) leftOut('over another header that was altered', covers);
    else {
      it.each(covers)('over an altered %s', async (header) => {
        const good = signed();
        await refused({ ...good, headers: { ...good.headers, [header]: `${good.headers[header]}1` } });
      });
    }
  });

  describe('and a secret that is being replaced', () => {
    it('may be either of two', () => {
      for (const secret of [secrets.current, secrets.previous]) {
        expect(verdict(signed({ secret }), [secrets.current, secrets.previous]).authentic).toBe(true);
        expect(verdict(signed({ secret }), [secrets.previous, secrets.current]).authentic).toBe(true);
      }
    });

    it('is no longer taken once it has gone, and never when there is none', () => {
      expect(verdict(signed({ secret: secrets.previous }), [secrets.current]).authentic).toBe(false);
      expect(verdict(signed(), []).authentic).toBe(false);
      expect(verdict(signed(), ['']).authentic).toBe(false);
    });

    it('fits as soon as it was set, without a restart', async () => {
      const open = house();
      expect(await open.receive(open.signed(sample))).toBe(accepted);
      open.holds(secrets.stranger, secrets.current);
      open.clock.advance(31);
      expect(await open.receive(open.signed(sample, { secret: secrets.stranger }))).toBe(accepted);
    });
  });

  describe('on a message that is replayed', () => {
    it('name the same delivery', () => {
      const [first, second, other] = [signed(), signed(), signed({ delivery: 'delivery-2' })].map((one) =>
        verdict(one),
      );
      expect(first).toMatchObject({ authentic: true, deliveryId: expect.stringMatching(/.+/) });
      expect(second).toEqual(first);
      expect(other).not.toMatchObject({ deliveryId: first?.authentic ? first.deliveryId : '' });
    });

    const { toleranceSeconds } = manifest.webhook;
    if (toleranceSeconds === undefined) {
      leftOut('are too old at some time', webhook.ageless ?? { leftOut: '' });
    } else {
      it('are too old, or too far ahead, by a second more than the manifest takes', () => {
        expect(verdict(signed(), undefined, AT + toleranceSeconds).authentic).toBe(true);
        expect(verdict(signed(), undefined, AT - toleranceSeconds).authentic).toBe(true);
        expect(verdict(signed(), undefined, AT + toleranceSeconds + 1).authentic).toBe(false);
        expect(verdict(signed(), undefined, AT - toleranceSeconds - 1).authentic).toBe(false);
      });
    }
  });

  it('do not matter where a body is larger than the manifest takes', async () => {
    const open = house();
    const large = Buffer.alloc(manifest.webhook.maxBodyBytes + 1, ' ');
    expect(await open.receive({ headers: {}, body: large })).toBe(tooLarge);
    expect(open.queued).toEqual([]);
  });
}

/** Other texts for the same digest, and texts that careless code takes for one. */
function otherEncodings(good: string): Record<string, string> {
  const encoding = /^[0-9a-f]+$/.test(good) ? 'hex' : 'base64';
  const bytes = Buffer.from(good, encoding);
  const texts: Record<string, string> = {
    hex: bytes.toString('hex'),
    'upper-case hex': bytes.toString('hex').toUpperCase(),
    base64: bytes.toString('base64'),
    base64url: bytes.toString('base64url'),
    'without padding': good.replace(/=+$/, ''),
    'with a line end': `${good}\n`,
    'with a space before': ` ${good}`,
    'with spare bits': good.replace(/.(=+)$/, (_all, padding) => `${twin(good.at(-1 - padding.length))}${padding}`),
    'cut short': good.slice(0, -4),
    'said twice': `${good}${good}`,
    'latin-1 of the bytes': bytes.toString('latin1'),
    empty: '',
    undefined: 'undefined',
  };
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== good));
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The character that says the same but for bits that no byte uses. */
const twin = (character = 'A'): string => BASE64[BASE64.indexOf(character) ^ 1] ?? 'A';
