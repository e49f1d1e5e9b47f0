import { KeptSecrets } from '../aws/secrets.ts';

/** Secrets as texts by name, kept as those of Secrets Manager are. `now` in milliseconds. */
export class MemorySecrets extends KeptSecrets {
  constructor(texts: ReadonlyMap<string, string>, now: () => number = () => 0) {
    super(async (name) => {
      const text = texts.get(name);
      if (text === undefined) throw new Error(`there is no secret ${name}`);
      return text;
    }, now);
  }
}
