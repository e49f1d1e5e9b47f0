import { named } from './sqs.ts';

/** Secrets Manager, as far as a function reads from it. */
export class SimSecrets {
  readonly #values = new Map<string, string>();

  set(name: string, value: object): void {
    this.#values.set(name, JSON.stringify(value));
  }

  apply({
    constructor: { name },
    input,
  }: {
    readonly constructor: { readonly name: string };
    readonly input: unknown;
  }): unknown {
    if (name !== 'GetSecretValueCommand') throw new Error(`the simulated secrets do not know ${name}`);
    const SecretString = this.#values.get((input as { SecretId: string }).SecretId);
    if (SecretString === undefined) throw named('ResourceNotFoundException', 'there is no such secret');
    return { SecretString };
  }
}
