import type { OpenOrder } from '#core/orders/state.ts';
import { addressHashes, buyerHashes, type HashKeys } from '#core/returns/fraud/identity.ts';
import { type FraudJudgement, type FraudVerdict, judge, type RuleSet, ruleSetsAt } from '#core/returns/fraud/judge.ts';
import { addressKey, buyerKey, type Profile } from '#core/returns/fraud/profile.ts';
import type { FraudFacts } from '#core/returns/fraud/rules.ts';
import type { OpenReturn } from '#core/returns/state.ts';
import type { Log } from '../../ports/runtime.ts';
import type { Store } from '../../ports/store.ts';

export type FraudPorts = {
  readonly store: Store;
  readonly ruleSets: readonly RuleSet[];
  /** Throws TransientError while the keys can't be read. */
  readonly hashKeys: () => Promise<HashKeys>;
  readonly log: Log;
};

export type AskedReturn = {
  readonly key: string;
  readonly requestedAt: string;
  readonly at: string;
  readonly lineIds: readonly string[];
};

/** Live rules are in force, and could not be asked: nothing is paid before they were. */
export type Unasked = 'unasked';

/**
 * What the rules say when a return is asked for; undefined where there are none. A buyer is not kept from returning goods
 * because a secret can't be read: the return goes on unasked, and is paid when the goods are there and the rules have spoken.
 */
export async function judgeRequest(
  ports: FraudPorts,
  order: OpenOrder,
  asked: AskedReturn,
): Promise<FraudJudgement | Unasked | undefined> {
  if (ports.ruleSets.length === 0) return undefined;
  try {
    return await judged(ports, order, asked, []);
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error;
    ports.log.warn('the fraud rules could not be asked: they are before the refund', {
      subject: asked.key,
      error: name,
    });
    // A shadow set changes nothing by its silence either.
    return ruleSetsAt(ports.ruleSets, asked.at).some(({ mode }) => mode === 'live') ? 'unasked' : undefined;
  }
}

/**
 * What the rules say before the refund of a return is fixed, with its goods in the house. Throws where they can't be asked:
 * nothing is paid unjudged, and the workflow asks again.
 */
export async function judgeRefund(
  ports: FraudPorts,
  order: OpenOrder,
  { key, at }: { readonly key: string; readonly at: string },
  state: OpenReturn,
): Promise<FraudJudgement | undefined> {
  if (ports.ruleSets.length === 0) return undefined;
  const { requestedAt, lines, fraud } = state.authorization;
  const asked = { key, at, requestedAt, lineIds: lines.map(({ lineId }) => lineId) };
  const approved = state.review?.decision === 'approved' ? (fraud?.verdicts ?? []) : [];
  const { receipts, inspections, firstScanAt } = state;
  const goods = { receipts, inspections, ...(firstScanAt !== undefined && { firstScanAt }) };
  return judged(ports, order, asked, approved, goods, fraud);
}

async function judged(
  ports: FraudPorts,
  order: OpenOrder,
  { key, at, requestedAt, lineIds }: AskedReturn,
  known: readonly FraudVerdict[],
  goods?: FraudFacts['goods'],
  before?: FraudJudgement,
): Promise<FraudJudgement> {
  const who = identityOf(order, await ports.hashKeys(), before);
  const [buyer, address] = await Promise.all([
    profiles(ports.store, who.buyer.map(buyerKey)),
    profiles(ports.store, who.address.map(addressKey)),
  ]);
  const facts: FraudFacts = {
    ...{ key, at, requestedAt, order, lineIds, buyer, buyerHashes: who.buyer, address },
    ...(goods && { goods }),
  };
  const [buyerHash] = who.buyer;
  const [addressHash] = who.address;
  return {
    at,
    ...(buyerHash !== undefined && { buyer: buyerHash }),
    ...(addressHash !== undefined && { address: addressHash }),
    verdicts: judge(ports.ruleSets, facts, known),
  };
}

/** Hashes by every key, those that the return was first known by in front; personal data may be erased since. */
export function identityOf(order: OpenOrder, keys: HashKeys, before?: FraudJudgement) {
  const first = (known: string | undefined, hashes: readonly string[]): string[] =>
    known === undefined ? [...hashes] : [known, ...hashes.filter((hash) => hash !== known)];
  return {
    buyer: first(before?.buyer, buyerHashes(order, keys)),
    address: first(before?.address, addressHashes(order, keys)),
  };
}

async function profiles(store: Store, keys: readonly string[]): Promise<Profile[]> {
  const loaded = await Promise.all(keys.map((key) => store.load<Profile>(key)));
  return loaded.flatMap((stored) => (stored ? [stored.state] : []));
}
