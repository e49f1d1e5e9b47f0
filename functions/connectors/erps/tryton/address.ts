import type { Address } from '#core/orders/order.ts';
import { type Calls, ID_ONLY } from './calls.ts';
import type { Directory } from './directory.ts';
import { TrytonFailure } from './failure.ts';

const MODEL = 'party.address';

/**
 * Addresses of the party that stands for the channel's buyers. A ship-to is found by exact match before it is created, so
 * that a repeated attempt and a repeated buyer add nothing. These values are personal data: they go to the ERP and nowhere
 * else, and no error of the ERP about them is passed on.
 */
export async function shipToAddress(
  calls: Calls,
  directory: Directory,
  party: number,
  shipTo: Address | undefined,
): Promise<number> {
  if (!shipTo || shipTo.lines.length === 0) return await defaultAddress(calls, party);
  const values = await addressValues(calls, directory, party, shipTo);
  const domain = Object.entries(values).map(([field, value]) => [field, '=', value]);
  try {
    const [found] = await calls.find(MODEL, domain, ID_ONLY, { limit: 1, order: [['id', 'ASC']] });
    return found?.id ?? (await calls.create(MODEL, values));
  } catch (error) {
    throw withoutValues(error);
  }
}

/** The party's own address: its oldest that is not a buyer's. */
export async function defaultAddress(calls: Calls, party: number): Promise<number> {
  const own = [
    ['party', '=', party],
    ['party_name', 'in', [null, '']],
  ];
  const [found] = await calls.find(MODEL, own, ID_ONLY, { limit: 1, order: [['id', 'ASC']] });
  return found?.id ?? (await calls.create(MODEL, { party }));
}

async function addressValues(calls: Calls, directory: Directory, party: number, shipTo: Address) {
  const country = shipTo.country === undefined ? undefined : await directory.country(calls, shipTo.country);
  // Where the ERP has no countries loaded the code still belongs on the label. So does the region: its subdivision records
  // are rarely loaded, and differ between series.
  const street = [
    ...(shipTo.company !== undefined && shipTo.name !== undefined ? [shipTo.company] : []),
    ...shipTo.lines,
    ...(country === undefined && shipTo.country !== undefined ? [shipTo.country] : []),
  ];
  return {
    party,
    party_name: shipTo.name ?? shipTo.company ?? null,
    street: street.join('\n'),
    postal_code: shipTo.postalCode ?? null,
    city: [shipTo.city, shipTo.region].filter(Boolean).join(', ') || null,
    country: country ?? null,
  };
}

function withoutValues(error: unknown): unknown {
  if (!(error instanceof TrytonFailure) || error.kind !== 'refused') return error;
  return new TrytonFailure(
    'refused',
    error.code,
    "the ERP refuses the ship-to address: check the buyer's address in the channel",
  );
}
