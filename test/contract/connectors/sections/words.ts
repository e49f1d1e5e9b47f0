import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { RawMessage, Translation } from '#application/ports/connector.ts';
import { PoisonError } from '#core/kernel/errors.ts';
import { IntakeHouse, NOW } from '../intake-house.ts';
import { changedAt, type Leaf, members, valueAt } from '../leaves.ts';
import type { Json, Sample, WebhookSubject } from '../under-test.ts';

/** No vendor's word, and none that could be taken for a number, a date or a code. */
const NOBODYS_WORD = 'kitunknownword';

/** Words that nobody has taught the connector: put before a person, never dropped, never taken for another. */
export function words(subject: WebhookSubject): void {
  const { manifest, webhook } = subject;
  const { history, vocabulary } = webhook;
  const messages = Object.entries(history);
  const forms = oneOfEachForm(messages);
  const read = (sample: Sample, body: Json): Translation => translated(subject, sample, body);

  it('name messages and fields that there are', () => {
    expect(vocabulary.length).toBeGreaterThan(0);
    for (const { message, path, words } of vocabulary) {
      expect(words, `${message} ${path}`).toContain(valueAt(history[message]?.body ?? null, path));
    }
  });

  it.each(vocabulary)('$path of $message: each known word is understood', ({ message, path, words }) => {
    const sample = history[message] as Sample;
    for (const word of words) expect(() => read(sample, changedAt(sample.body, path, word)), word).not.toThrow();
  });

  it.each(vocabulary)('$path of $message: an unknown one is parked with a case', async ({ message, path }) => {
    const sample = history[message] as Sample;
    await parkedWithCase(subject, message, { ...sample, body: changedAt(sample.body, path, NOBODYS_WORD) });
  });

  it('in the place of the topic: parked with a case', async () => {
    const [[name, sample]] = messages as [[string, Sample]];
    const body =
      valueAt(sample.body, 'type') === sample.topic ? changedAt(sample.body, 'type', NOBODYS_WORD) : sample.body;
    await parkedWithCase(subject, name, { ...sample, topic: NOBODYS_WORD, body });
  });

  it.each(forms)('anywhere in %s: refused, or passed on as they are, and never taken for another', (_name, sample) => {
    const before = read(sample, sample.body);
    const guessed = members(sample.body, { inner: false }).filter(({ path, value }) => {
      if (typeof value !== 'string') return false;
      const after = outcomeOf(() => read(sample, changedAt(sample.body, path, NOBODYS_WORD)));
      return after !== 'refused' && !sameButForWord(before, after);
    });
    expect(guessed.map(({ path }) => path)).toEqual([]);
  });

  describe('and fields', () => {
    it.each(Object.entries(webhook.fewest))('as few as the partner ever sends: %s is taken', async (_name, sample) => {
      const house = await IntakeHouse.prepared(subject);
      await bringAbout(house, webhook.history, sample);
      await house.deliver(sample);
      expect(house.control.parked.map(({ attributes }) => attributes.reason)).toEqual([]);
    });

    it('as few as the partner ever sends: each kind of message is among them', () => {
      const topics = new Set(messages.map(([, { topic, body }]) => valueAt(body, 'type') ?? topic));
      const shown = Object.values(webhook.fewest).map(({ topic, body }) => valueAt(body, 'type') ?? topic);
      expect([...topics].filter((topic) => !shown.includes(topic))).toEqual([]);
    });

    it.each(forms)('missing, null or of another type in %s: understood, or refused by name', (_name, sample) => {
      const others: (Json | undefined)[] = [undefined, null, {}, [], true, 12, 'text', ''];
      for (const { path } of members(sample.body)) {
        for (const other of others) {
          // Anything but a PoisonError is thrown on, and fails the test.
          const poison = poisonOf(() => read(sample, changedAt(sample.body, path, other)));
          if (poison) expect(poison.context.path, `${path}: ${JSON.stringify(other)}`).toEqual(expect.any(String));
        }
      }
    });

    it.each(forms)('missing in %s: never at the cost of money', async (name, sample) => {
      const whole = await money(await taken(subject, name, sample));
      const before = read(sample, sample.body);
      const cheaper: string[] = [];
      for (const { path } of members(sample.body).filter(isField)) {
        const body = changedAt(sample.body, path, undefined);
        const after = outcomeOf(() => read(sample, body));
        if (after === 'refused' || isDeepStrictEqual(after, before)) continue;
        const house = await taken(subject, name, { ...sample, body });
        if (house.control.parked.length === 0 && !isDeepStrictEqual(await money(house), whole)) cheaper.push(path);
      }
      expect(cheaper).toEqual([]);
    });

    it('of a person are never quoted in an error', () => {
      expect(webhook.personal.length).toBeGreaterThan(0);
      const told = forms.flatMap(([, sample]) =>
        members(sample.body).flatMap(({ path }) =>
          [{}, [], true, 12, `${NOBODYS_WORD} 1,5`].map((other) => {
            const outcome = poisonOf(() => read(sample, changedAt(sample.body, path, other)));
            return outcome ? `${outcome.message} ${JSON.stringify(outcome.context)}` : '';
          }),
        ),
      );
      for (const text of webhook.personal) {
        expect(JSON.stringify(Object.values(history))).toContain(text);
        expect(told.filter((one) => one.includes(text))).toEqual([]);
      }
    });
  });

  it('that break the form altogether: parked with a case', async () => {
    const house = await IntakeHouse.prepared(subject);
    const [sample] = Object.values(history) as [Sample];
    const broken = ['', 'null', '[]', '{', '{"a":1}x', `[${'['.repeat(5_000)}`];
    for (const [index, text] of broken.entries()) {
      const signed = house.signed(sample, { body: Buffer.from(text), delivery: `broken-${index}` });
      // An empty body may be refused at the door.
      if ((await house.receive(signed)) !== manifest.webhook.answers.accepted) continue;
      expect(await house.take(house.queued.at(-1) ?? '')).toBe(0);
    }
    expect(house.control.parked).toHaveLength(house.queued.length);
    expect(await house.openCases()).toHaveLength(house.queued.length);
    expect(house.queued.length).toBeGreaterThan(4);
  });
}

/** Messages that have the same fields have the same faults: one of them stands for all. */
function oneOfEachForm(messages: readonly [string, Sample][]): [string, Sample][] {
  const form = ({ body }: Sample): string =>
    members(body)
      .map(({ path }) => path)
      .sort()
      .join();
  return [...new Map([...messages].reverse().map((one) => [form(one[1]), one])).values()].reverse();
}

/** An element less of a list is another message, and no field that is missing. */
const isField = ({ path }: Leaf): boolean => !/\.\d+$/.test(path);

function translated(subject: WebhookSubject, sample: Sample, body: Json): Translation {
  const { manifest, verifier, webhook } = subject;
  const bytes = Buffer.from(JSON.stringify(body));
  const at = Math.floor(Date.parse(NOW) / 1000);
  const headers = {
    ...sample.headers,
    ...webhook.sign(sample, bytes, { secret: webhook.secrets.current, delivery: 'd', at }),
  };
  const verified = verifier.verify({ headers, body: bytes }, [webhook.secrets.current], at);
  if (!verified.authentic) throw new Error(`the kit's own signature is refused: ${verified.code}`);
  const message: RawMessage = { connector: manifest.id, account: 'main', headers, body: bytes, receivedAt: NOW };
  return (webhook.translator ?? subject.translator).translate(message, verified.topic);
}

function poisonOf(act: () => unknown): PoisonError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof PoisonError) return error;
    throw error;
  }
}

function outcomeOf(act: () => Translation): Translation | 'refused' {
  let outcome: Translation | undefined;
  return poisonOf(() => {
    outcome = act();
  })
    ? 'refused'
    : (outcome as Translation);
}

/** Whether two translations differ in nothing but texts that hold the word, or a part of it, instead of something else. */
function sameButForWord(before: unknown, after: unknown): boolean {
  if (typeof after === 'string' && typeof before === 'string' && after !== before) {
    return after.includes(NOBODYS_WORD) || (after.length > 2 && NOBODYS_WORD.startsWith(after));
  }
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null)
    return before === after;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].every((name) => sameButForWord(before[name as never], after[name as never]));
}

/** Brings about what a message of the history is about: those that come before it. */
async function bringAbout(house: IntakeHouse, history: WebhookSubject['webhook']['history'], before: Sample | string) {
  for (const [name, sample] of Object.entries(history)) {
    if (name === before || (typeof before !== 'string' && sample.topic === before.topic && sameType(sample, before)))
      return;
    await house.deliver(sample);
  }
}

const sameType = (a: Sample, b: Sample): boolean => valueAt(a.body, 'type') === valueAt(b.body, 'type');

async function taken(subject: WebhookSubject, name: string, sample: Sample): Promise<IntakeHouse> {
  const house = await IntakeHouse.prepared(subject);
  await bringAbout(house, subject.webhook.history, name);
  await house.deliver(sample);
  return house;
}

/** All amounts and quantities that the house has taken down. */
async function money({ store }: IntakeHouse): Promise<unknown> {
  const states = await Promise.all(store.keys.sort().map((key) => store.load<Record<string, unknown>>(key)));
  return states.map((stored) => {
    const { currency, total, lines, shipping, fees, refunds, amount } = stored?.state ?? {};
    return JSON.parse(JSON.stringify({ currency, total, lines, shipping, fees, refunds, amount }), (name, value) =>
      ['title', 'rate', 'note', 'sku', 'collectedBy'].includes(name) ? undefined : value,
    );
  });
}

/** Nothing of the message is lost, nothing of it is done, and somebody is told. */
async function parkedWithCase(subject: WebhookSubject, name: string, sample: Sample): Promise<void> {
  const house = await IntakeHouse.prepared(subject);
  await bringAbout(house, subject.webhook.history, name);
  const before = await house.snapshot();
  const cases = await house.openCases();
  const body = await house.deliver(sample, { delivery: 'unknown-word' });
  expect(house.control.parked).toMatchObject([{ body, attributes: { code: expect.stringMatching(/^[A-Z_]+$/) } }]);
  const { deliveryId } = JSON.parse(body);
  const [opened, ...others] = (await house.openCases()).filter(({ code }) => !cases.some((one) => one.code === code));
  expect(opened).toMatchObject({ code: `MESSAGE_PARKED#${deliveryId}`, owner: 'integration', status: 'open' });
  expect(others).toEqual([]);
  expect((await house.snapshot()).states).toEqual(before.states);
  expect(await house.store.seen(`${subject.manifest.id}#main`, deliveryId)).toBeUndefined();
}
