import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ExecutionHouse } from '../execution-house.ts';
import { type Answer, type Exchange, Tape } from '../tape.ts';
import { answeredAt, execute, type OperationSubject, probe } from './calls.ts';

/** A call whose end nobody saw is never made again before the partner was asked whether it happened. */
export function unknownOutcomes({ partner, under, manifest, kind }: OperationSubject): void {
  const { operation, applied, absent, found, outcome } = under;
  const lost: Record<string, Answer> = {
    'the connection breaks before the answer': { breaks: 'before-answer' },
    ...partner.lost,
  };
  const first = applied.findIndex(({ effect }) => effect);
  const effects = [...applied.keys()].filter((at) => applied[at]?.effect);
  const last = effects.at(-1) ?? 0;

  describe.each(Object.entries(lost))('%s', (_name, answer) => {
    it('to a change: is open', async () => {
      for (const at of effects) {
        expect(await execute(partner, under, answeredAt(applied, at, answer)), applied[at]?.name).toMatchObject({
          kind: 'unknown',
        });
      }
      expect(
        await execute(partner, under, answeredAt(applied, last, { ...applied[last]?.answer, breaks: 'in-answer' })),
      ).toMatchObject({ kind: 'unknown' });
    });

    it('to a question before the first change: nothing was done', async () => {
      for (let at = 0; at < first; at++) {
        expect(await execute(partner, under, answeredAt(applied, at, answer)), applied[at]?.name).toMatchObject({
          kind: 'unavailable',
        });
      }
    });

    it('to its probe: nothing is known, least of all that it is absent', async () => {
      for (const at of found.keys()) {
        expect(await probe(partner, under, answeredAt(found, at, answer)), found[at]?.name).toMatchObject({
          kind: 'unavailable',
        });
      }
    });
  });

  const policy = manifest.operations[kind];

  /** A house in which the write was sent and its answer lost; due to be looked into. */
  async function lostIn(): Promise<ExecutionHouse> {
    const house = new ExecutionHouse(partner.now);
    await house.plan(operation);
    await Tape.playing(answeredAt(applied, last, { breaks: 'before-answer' }), async (url) => {
      expect(await house.execute(operation, partner.open(url, house.clock))).toMatchObject({
        status: 'unknown',
        attempts: 1,
      });
    });
    await house.untilDue(operation);
    return house;
  }

  if (policy?.read === 'impossible') {
    it('is put before a person, and never made again', async () => {
      const house = await lostIn();
      await Tape.playing([], async (url) => void (await house.execute(operation, partner.open(url, house.clock))));
      expect(await house.row(operation)).toMatchObject({ status: 'unknown', attempts: 1 });
      expect(await house.caseCodes()).toHaveLength(1);
    });
    return;
  }

  it('is settled by the probe that finds it, without a second write', async () => {
    const house = await lostIn();
    await Tape.playing(found, async (url) => {
      const row = await house.execute(operation, partner.open(url, house.clock));
      expect(row).toMatchObject({ status: 'applied', attempts: 1, ...outcome });
    });
  });

  it('stays open while the probe is not answered, without a second write', async () => {
    const house = await lostIn();
    for (let round = 1; round <= 3; round++) {
      await Tape.playing(answeredAt(absent, absent.length - 1, { breaks: 'before-answer' }), async (url) => {
        const row = await house.execute(operation, partner.open(url, house.clock));
        expect(row).toMatchObject({ status: 'unknown', attempts: 1 });
      });
      await house.untilDue(operation);
    }
  });

  const again = policy?.read === 'authoritative' ? 'is made again under the same key' : 'is put before a person';
  it(`${again} when the probe says that it is absent`, async () => {
    const house = await lostIn();
    const tape = policy?.read === 'authoritative' ? [...absent, ...unlessKept(absent, applied)] : absent;
    await Tape.playing(tape, async (url) => {
      const row = await house.execute(operation, partner.open(url, house.clock));
      if (policy?.read === 'authoritative') expect(row).toMatchObject({ status: 'applied', attempts: 2, ...outcome });
      else expect(row).toMatchObject({ status: 'unknown', attempts: 1 });
    });
    expect(await house.caseCodes()).toHaveLength(policy?.read === 'authoritative' ? 0 : 1);
  });
}

/** What is still asked of the partner by a connector that remembers some answers of the tape before. */
const unlessKept = (before: readonly Exchange[], tape: readonly Exchange[]): Exchange[] =>
  tape.filter(({ kept, request }) => !kept || !before.some((one) => isDeepStrictEqual(one.request, request)));
