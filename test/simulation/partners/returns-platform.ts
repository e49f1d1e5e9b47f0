import {
  type AuthorizationAnswer,
  type AuthorizationRequest,
  cancelled,
  carrier,
  exchangeRequested,
  type Happening,
  type InspectedUnits,
  type IssuedCredit,
  inspected,
  inTransit,
  keepItem,
  messageOf,
  type ReplacementUnits,
  type ReturnEvent,
  received,
  type Sign,
  signer,
  storeCreditIssued,
  storeCreditRequested,
} from '../../../bin/local/partners/return-messages.ts';
import type { Sender, SimWebhook } from './webhook.ts';

export type SimReturnsPlatformOptions = {
  /** `whsec_…` */
  readonly secret: string;
  /** Crossdock's account of the platform. */
  readonly account?: string;
};

type Units = { readonly lineId: string; readonly quantity: number };

/** What a buyer asks; the platform numbers and dates it. */
export type NewReturn = Omit<AuthorizationRequest, 'returnId' | 'requestedAt'> & {
  /** Epoch ms; when the platform asks if left out. Platforms also ask late, when the money went back already. */
  readonly requestedAt?: number;
};

/** A return as the platform knows it. */
export type SeenReturn = {
  readonly request: AuthorizationRequest;
  /** The last one heard; undefined while none came. */
  readonly answer?: AuthorizationAnswer;
};

const iso = (now: number): string => new Date(now).toISOString();

/**
 * A returns platform in memory: it makes the same messages as that of the local run, each ready to be posted. Deterministic:
 * time comes in with every call (epoch ms), ids count up. It keeps no order among its messages and checks none of them for
 * sense: platforms report what a parcel brought, be it more, other, or nothing.
 */
export class SimReturnsPlatform implements Sender {
  readonly #sign: Sign;
  readonly #path: string;
  readonly #returns = new Map<string, SeenReturn>();
  #messages = 0;
  #reports = 0;

  constructor({ secret, account = 'main' }: SimReturnsPlatformOptions) {
    this.#sign = signer(secret);
    this.#path = `/webhooks/generic/${account}`;
  }

  /** The request for an authorization, which a platform waits for: hand its answer to `answered`. */
  ask({ requestedAt, ...asked }: NewReturn, now: number): { readonly returnId: string; readonly request: SimWebhook } {
    const returnId = `R${1001 + this.#returns.size}`;
    const request = { returnId, ...asked, requestedAt: iso(requestedAt ?? now) };
    this.#returns.set(returnId, { request });
    return { returnId, request: this.askAgain(returnId, now) };
  }

  /** The same request once more, as after a lost answer or a 5xx: signed anew, the return's id stays. */
  askAgain(returnId: string, now: number): SimWebhook {
    const body = JSON.stringify(this.#return(returnId).request);
    return this.#signed('/v1/returns/authorizations', `req_${++this.#messages}`, body, now);
  }

  answered(returnId: string, status: number, body: string): AuthorizationAnswer {
    const answer = { status, body: body === '' ? {} : (JSON.parse(body) as AuthorizationAnswer['body']) };
    this.#returns.set(returnId, { ...this.#return(returnId), answer });
    return answer;
  }

  inTransit(returnId: string, now: number, trackingNumber = `1Z${returnId}`): SimWebhook {
    return this.#tell(inTransit(this.#happening(returnId, now), trackingNumber), now);
  }

  /**
   * What arrived, by parcel. Parcels of one minute are merged into one message, as Happy Returns merges its events
   * (https://developer.happyreturns.com/partner/webhooks/return), so that a line can stand in it twice.
   */
  received(returnId: string, now: number, ...parcels: readonly (readonly Units[])[]): SimWebhook {
    const id = `RC${++this.#reports}`;
    return this.#tell(received(this.#happening(returnId, now), id, parcels.flat()), now);
  }

  /** The id of the report that comes next. */
  get nextReport(): string {
    return `IN${this.#reports + 1}`;
  }

  /** Under the id of an earlier report it corrects that one. */
  inspected(returnId: string, now: number, lines: readonly InspectedUnits[], id = `IN${++this.#reports}`): SimWebhook {
    return this.#tell(inspected(this.#happening(returnId, now), id, lines), now);
  }

  carrier(word: 'delivered' | 'lost', returnId: string, now: number): SimWebhook {
    return this.#tell(carrier(word, this.#happening(returnId, now), `1Z${returnId}`), now);
  }

  keepItem(returnId: string, now: number): SimWebhook {
    return this.#tell(keepItem(this.#happening(returnId, now)), now);
  }

  exchangeRequested(returnId: string, now: number, currency: string, lines: readonly ReplacementUnits[]): SimWebhook {
    return this.#tell(exchangeRequested(this.#happening(returnId, now), currency, lines), now);
  }

  storeCreditRequested(returnId: string, now: number): SimWebhook {
    return this.#tell(storeCreditRequested(this.#happening(returnId, now)), now);
  }

  storeCreditIssued(returnId: string, now: number, credit: IssuedCredit): SimWebhook {
    return this.#tell(storeCreditIssued(this.#happening(returnId, now), credit), now);
  }

  cancelled(returnId: string, now: number): SimWebhook {
    return this.#tell(cancelled(this.#happening(returnId, now)), now);
  }

  /** The next try of a message: the same id and body, signed at the time of the try. */
  again(webhook: SimWebhook, now: number): SimWebhook {
    return this.#signed(webhook.path, webhook.headers['webhook-id'] ?? '', webhook.body, now);
  }

  returns(): SeenReturn[] {
    return [...this.#returns.values()];
  }

  #return(returnId: string): SeenReturn {
    const found = this.#returns.get(returnId);
    if (!found) throw new Error(`the platform has no return ${returnId}`);
    return found;
  }

  #happening(returnId: string, now: number): Happening {
    return { returnId: this.#return(returnId).request.returnId, occurredAt: iso(now) };
  }

  #tell(event: ReturnEvent, now: number): SimWebhook {
    return this.#signed(this.#path, `msg_${++this.#messages}`, messageOf(event, new Date(now)), now);
  }

  #signed(path: string, id: string, body: string, now: number): SimWebhook {
    return { path, headers: this.#sign(id, new Date(now), body), body };
  }
}
