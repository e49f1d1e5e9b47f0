import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from 'vitest';
import { UNSET_SECRET } from '#connectors/manifest.ts';
import { type SecretSource, SecretsManagerSource } from '#platform/aws/secrets.ts';
import { MemoryClock } from '#platform/memory/runtime.ts';
import { MemorySecrets } from '#platform/memory/secrets.ts';
import { clientOptions, fresh, oneOf } from './worlds.ts';

type Place = {
  readonly source: SecretSource;
  readonly put: (text: string) => Promise<unknown>;
  readonly name: string;
  /** Lets time go by for the source. */
  readonly wait: (seconds: number) => void;
};

const PLACES = oneOf({ name: 'memory', open: inMemory }, { name: 'Secrets Manager', open: onEngine });

describe.each(PLACES)('secrets ($name)', ({ open }) => {
  let place: Place;
  beforeEach(async () => {
    place = await open('{"webhookSecrets": ["first", "second"]}');
  });

  it('come with their parts, and again without a question for five minutes', async () => {
    const { source, put, name, wait } = place;
    expect(await source.get(name)).toEqual({ webhookSecrets: ['first', 'second'] });
    await put('{"webhookSecrets": ["third"]}');
    wait(299);
    expect(await source.get(name)).toEqual({ webhookSecrets: ['first', 'second'] });
    wait(2);
    expect(await source.get(name)).toEqual({ webhookSecrets: ['third'] });
  });

  it('are read anew when one did not fit, twice a minute at most', async () => {
    const { source, put, name, wait } = place;
    await source.get(name);
    await put('{"webhookSecrets": ["third"]}');
    expect(await source.refresh(name)).toBeUndefined();
    wait(31);
    expect(await source.refresh(name)).toEqual({ webhookSecrets: ['third'] });
    expect(await source.get(name)).toEqual({ webhookSecrets: ['third'] });
    expect(await source.refresh(name)).toBeUndefined();
  });

  it.each(['whsec_text', '"text"', 'null'])(
    'that are no JSON object are a passing trouble, and not quoted: %s',
    async (text) => {
      const { source, put, name } = place;
      await put(text);
      await expect(source.get(name)).rejects.toMatchObject({ kind: 'transient', code: 'SECRET_INCOMPLETE' });
      await expect(source.get(name)).rejects.not.toThrow(text);
    },
  );

  it('are not kept as the deployment made them: whoever sets one need not wait', async () => {
    const { source, put, name } = place;
    await put(JSON.stringify({ [UNSET_SECRET]: 'x7Gq' }));
    expect(await source.get(name)).toEqual({ [UNSET_SECRET]: 'x7Gq' });
    await put('{"webhookSecrets": ["third"]}');
    expect(await source.get(name)).toEqual({ webhookSecrets: ['third'] });
  });

  it('that do not exist are nobody’s passing trouble', async () => {
    await expect(place.source.get('crossdock/none')).rejects.not.toMatchObject({ kind: 'transient' });
  });
});

async function inMemory(text: string): Promise<Place> {
  const name = 'crossdock/test/shopify/main';
  const texts = new Map([[name, text]]);
  const clock = new MemoryClock();
  return {
    source: new MemorySecrets(texts, () => Date.parse(clock.now())),
    name,
    put: async (next) => texts.set(name, next),
    wait: (seconds) => clock.advance(seconds),
  };
}

async function onEngine(text: string): Promise<Place> {
  const client = new SecretsManagerClient(clientOptions);
  const name = `crossdock/${fresh()}/shopify/main`;
  await client.send(new CreateSecretCommand({ Name: name, SecretString: text }));
  const clock = new MemoryClock();
  return {
    source: new SecretsManagerSource(client, () => Date.parse(clock.now())),
    name,
    put: (SecretString) => client.send(new PutSecretValueCommand({ SecretId: name, SecretString })),
    wait: (seconds) => clock.advance(seconds),
  };
}
