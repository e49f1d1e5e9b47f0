/**
 * The one source of chance of a run: sfc32, seeded by text through a 128-bit FNV-like mix. Streams that are forked by name do
 * not disturb each other, so that one more draw in the workload leaves the faults as they were: which is what lets a
 * failing trace be shrunk.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
    const [a, b, c, d] = mix(seed);
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
    for (let warm = 0; warm < 12; warm++) this.#next();
  }

  /** A stream of its own, known by its name. */
  fork(name: string): Random {
    return new Random(`${this.#seed}/${name}`);
  }

  /** In [0, 1). */
  real(): number {
    return this.#next() / 0x1_0000_0000;
  }

  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.real() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return probability > 0 && this.real() < probability;
  }

  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    const picked = from[Math.floor(this.real() * from.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  /** One of the names, in proportion to its weight. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let left = this.real() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    return (entries.at(-1) as [K, number])[0];
  }

  /** Milliseconds until something that happens at random, `mean` apart; never more than twenty times the mean. */
  wait(mean: number): number {
    return Math.round(Math.min(20, -Math.log(1 - this.real())) * mean);
  }

  shuffle<T>(given: readonly T[]): T[] {
    const all = [...given];
    for (let index = all.length - 1; index > 0; index--) {
      const other = this.int(0, index);
      [all[index], all[other]] = [all[other] as T, all[index] as T];
    }
    return all;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.#next() & 0xff);
  }

  #next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + t) | 0;
    return t >>> 0;
  }
}

function mix(text: string): [number, number, number, number] {
  const parts: [number, number, number, number] = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    for (let part = 0; part < 4; part++) {
      const rotated = ((parts[part] as number) << (part + 3)) | ((parts[part] as number) >>> (29 - part));
      parts[part] = Math.imul(rotated ^ (code + part), 0x01000193 + part * 2);
    }
  }
  return parts;
}
