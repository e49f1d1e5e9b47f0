import { createHmac } from 'node:crypto';
import type { Address } from '../../orders/order.ts';
import type { OpenOrder } from '../../orders/state.ts';

/**
 * Buyers and addresses as the rules know them: keyed hashes. A plain hash of an e-mail address is found again by whoever
 * hashes all addresses there are; a keyed one is not, and is worth nothing once its key is gone. The id of the key stands in
 * the hash, so that keys can be replaced while old hashes are still read.
 */
export type HashKeys = {
  /** Id of the key that new hashes are made with. */
  readonly current: string;
  /** Key texts by id; kept until what was hashed with them is out of every rule's window. */
  readonly keys: Readonly<Record<string, string>>;
};

const SHORTEST_KEY = 32;

/**
 * The keys as their secret holds them: `{"current": "k2", "k1": "…", "k2": "…"}`. Undefined when the current one is missing, or
 * too short to be a key.
 */
export function hashKeysIn({ current, ...others }: Readonly<Record<string, unknown>>): HashKeys | undefined {
  const keys = Object.fromEntries(
    Object.entries(others).filter(
      (one): one is [string, string] => typeof one[1] === 'string' && one[1].length >= SHORTEST_KEY,
    ),
  );
  return typeof current === 'string' && Object.hasOwn(keys, current) ? { current, keys } : undefined;
}

/** `<key id>.<22 characters>`, of the current key first; empty when there is nothing to hash. */
export type Hashes = readonly string[];

/** Who bought: by e-mail address, which is the same in every channel, else by the channel's own id of the account. */
export function buyerHashes({ personal, customer, id }: OpenOrder, keys: HashKeys): Hashes {
  const email = normalEmail(personal?.email);
  if (email !== undefined) return hashes('email', email, keys);
  const { channelCustomerId } = customer;
  if (channelCustomerId === undefined) return [];
  return hashes('customer', `${id.channel}/${id.account}/${channelCustomerId}`, keys);
}

/** Where the goods went; another spelling of it is the same address. */
export function addressHashes({ personal }: OpenOrder, keys: HashKeys): Hashes {
  const address = normalAddress(personal?.shipTo);
  return address === undefined ? [] : hashes('address', address, keys);
}

function hashes(kind: string, value: string, { current, keys }: HashKeys): string[] {
  const ids = [current, ...Object.keys(keys).filter((id) => id !== current)];
  return ids.flatMap((id) => {
    const key = keys[id];
    // The kind is hashed too: nobody can tell whether an address is somebody's e-mail address.
    return key === undefined ? [] : [`${id}.${digest(key, `${kind}\n${value}`)}`];
  });
}

const digest = (key: string, text: string): string =>
  createHmac('sha256', key).update(text, 'utf8').digest().subarray(0, 16).toString('base64url');

/** Mail providers that deliver with and without dots, and what they are also called. */
const DOTLESS: Readonly<Record<string, string>> = { 'gmail.com': 'gmail.com', 'googlemail.com': 'gmail.com' };

/** Case, a `+tag` and Gmail's dots make no other mailbox. */
export function normalEmail(email: string | undefined): string | undefined {
  const [, local, domain] = /^([^@\s]+)@([^@\s]+)$/.exec(email?.normalize('NFKC').trim().toLowerCase() ?? '') ?? [];
  if (local === undefined || domain === undefined) return undefined;
  const [mailbox = local] = local.split('+');
  const dotless = DOTLESS[domain];
  return `${dotless === undefined ? mailbox : mailbox.replaceAll('.', '')}@${dotless ?? domain}`;
}

/** Words that people write out or shorten as they like. */
const SHORT: Readonly<Record<string, string>> = {
  ...{ street: 'st', avenue: 'ave', road: 'rd', drive: 'dr', lane: 'ln', court: 'ct', boulevard: 'blvd' },
  ...{ apartment: 'apt', suite: 'ste', strasse: 'str', floor: 'fl', north: 'n', south: 's', east: 'e', west: 'w' },
};

/** Without the name, which is what varies where many buyers share one address. */
export function normalAddress(address: Address | undefined): string | undefined {
  if (!address) return undefined;
  const words = (text: string | undefined): string[] =>
    (text ?? '')
      .toLowerCase()
      .replaceAll('ß', 'ss')
      .normalize('NFKD')
      .replaceAll(/\p{Mark}/gu, '')
      .split(/[^\p{Letter}\p{Number}]+/u)
      .filter((word) => word !== '')
      .map((word) => SHORT[word] ?? word.replace(/(?<=.{3})strasse$/, 'str'));
  const lines = address.lines.flatMap(words);
  if (lines.length === 0) return undefined;
  const place = address.postalCode === undefined ? words(address.city) : words(address.postalCode);
  return [...lines, '|', place.join(''), '|', ...words(address.country)].join(' ');
}
