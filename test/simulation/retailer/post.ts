import type { Random } from '../kernel/random.ts';
import type { SimReturnsPlatform } from '../partners/returns-platform.ts';
import type { SimWebhook } from '../partners/webhook.ts';
import type { Simulation } from '../simulation.ts';
import { FORGER_HABITS, PLATFORM_HABITS, Sender, SHOPIFY_HABITS } from './sender.ts';

export type PostOptions = {
  readonly platform: SimReturnsPlatform;
  /** Keeps every message of the shop, so that all of them can come once more. */
  readonly keeps: boolean;
};

/** What is on its way to Crossdock: the shop's messages, the platform's, and forgeries of the shop's. */
export class Post {
  readonly fromShop: Sender;
  readonly fromPlatform: Sender;
  /** Somebody who does not know the secret. */
  readonly forged: Sender;
  readonly #platform: SimReturnsPlatform;
  readonly #forger: Random;
  readonly #keeps: boolean;
  readonly #kept: SimWebhook[] = [];

  constructor({ loop, dice, random, gateway, trace }: Simulation, { platform, keeps }: PostOptions) {
    const ports = { loop, dice, gateway, trace: (line: string) => trace.say(line) };
    this.fromShop = new Sender({ ...ports, random: random.fork('from-shop') }, SHOPIFY_HABITS);
    this.fromPlatform = new Sender({ ...ports, random: random.fork('from-platform') }, PLATFORM_HABITS);
    this.forged = new Sender({ ...ports, random: random.fork('forger') }, FORGER_HABITS);
    this.#forger = random.fork('forger');
    this.#platform = platform;
    this.#keeps = keeps;
  }

  /** Messages that a partner still means to deliver. */
  get open(): number {
    return this.fromShop.open + this.fromPlatform.open;
  }

  /** The shop tells us something. */
  shopTells(webhook: SimWebhook): void {
    if (this.#keeps) this.#kept.push(webhook);
    this.#send(webhook);
  }

  /** The returns platform tells us something. */
  platformTells(webhook: SimWebhook): void {
    const id = webhook.headers['webhook-id'] ?? '';
    this.fromPlatform.send({ id, what: 'return event', request: (now) => this.#platform.again(webhook, now) });
  }

  /** Everything that was kept comes once more. */
  replay(): void {
    for (const webhook of this.#kept.slice()) this.#send(webhook);
  }

  /** Now and then somebody changes the last digit of a message on its way, and sends that too. */
  #send(webhook: SimWebhook): void {
    const { 'x-shopify-topic': topic = '', 'x-shopify-webhook-id': id = '' } = webhook.headers;
    this.fromShop.send({ id: `${topic}:${id}`, what: topic, request: () => webhook });
    if (!this.#forger.chance(0.05)) return;
    const body = webhook.body.replace(/\d(?=[^\d]*$)/, (digit) => String((Number(digit) + 1) % 10));
    this.forged.send({ id: `${topic}:${id}`, what: `forged ${topic}`, request: () => ({ ...webhook, body }) });
  }
}
