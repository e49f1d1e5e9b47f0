import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryLog } from '#platform/memory/runtime.ts';
import { WORLDS, type World } from './worlds.ts';

const RATE = { perMinute: 60, burst: 3 };
const START = Date.parse('2026-11-25T10:00:00.000Z');
const at = (milliseconds: number): string => new Date(START + milliseconds).toISOString();

describe.each(WORLDS)('the limiter ($name)', ({ open }) => {
  let world: World;
  beforeEach(async () => {
    world = await open();
  });
  const admitted = async (client: string, times: readonly number[]) => {
    const answers = [];
    for (const time of times) answers.push((await world.limiter.admit(client, RATE, at(time))).admitted);
    return answers;
  };

  it('lets a burst through, and then one for each that comes back', async () => {
    expect(await admitted('a', [0, 0, 0, 0, 999, 1_000, 1_000, 3_000, 3_000, 3_000])).toEqual([
      ...[true, true, true, false],
      ...[false, true, false],
      ...[true, true, false],
    ]);
  });

  it('has a whole burst again after a pause, and no more', async () => {
    await admitted('a', [0, 0, 0]);
    expect(await admitted('a', [3_600_000, 3_600_000, 3_600_000, 3_600_000])).toEqual([true, true, true, false]);
  });

  it('says when to come again, and holds nobody else up', async () => {
    await admitted('a', [0, 0, 0]);
    expect(await world.limiter.admit('a', RATE, at(0))).toEqual({ admitted: false, retryAfterSeconds: 1 });
    expect(await world.limiter.admit('b', RATE, at(0))).toEqual({ admitted: true });
  });

  it('counts those that come at once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => world.limiter.admit('a', RATE, at(0))));
    expect(all.filter((one) => one.admitted)).toHaveLength(3);
  });
});

describe.each(WORLDS)('remembered answers ($name)', ({ open }) => {
  let world: World;
  const log = new MemoryLog();
  beforeEach(async () => {
    world = await open();
  });
  const answer = (text: string) => async () => ({ status: 200, text });
  const asked = (key: string, content = 'c1') => ({ key, content });

  it('are given again byte for byte', async () => {
    expect(await world.replay(asked('main/R1'), log, answer('{"a":1}'))).toEqual({ status: 200, text: '{"a":1}' });
    expect(await world.replay(asked('main/R1'), log, answer('other'))).toEqual({ status: 200, text: '{"a":1}' });
    expect(await world.replay(asked('other/R1'), log, answer('theirs'))).toEqual({ status: 200, text: 'theirs' });
  });

  it('are of one content only: for another the question is asked anew', async () => {
    await world.replay(asked('main/R1'), log, answer('first'));
    expect(await world.replay(asked('main/R1', 'c2'), log, answer('second'))).toMatchObject({ text: 'second' });
    expect(await world.replay(asked('main/R1'), log, answer('third'))).toMatchObject({ text: 'first' });
  });

  it('are none of what failed', async () => {
    const failing = async () => {
      throw new Error('not now');
    };
    await expect(world.replay(asked('main/R1'), log, failing)).rejects.toThrow('not now');
    expect(await world.replay(asked('main/R1'), log, answer('now'))).toMatchObject({ text: 'now' });
  });

  it('are made again while the first one is still under way', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = world.replay(asked('main/R1'), log, async () => {
      await held;
      return { status: 200, text: 'first' };
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await world.replay(asked('main/R1'), log, answer('meanwhile'))).toMatchObject({ text: 'meanwhile' });
    release();
    expect(await first).toMatchObject({ text: 'first' });
  });
});
