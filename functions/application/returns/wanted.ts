import { BusinessError } from '#core/kernel/errors.ts';
import type { Money } from '#core/kernel/money.ts';
import type { Replacement } from '#core/returns/return.ts';
import type { Authorization } from '#core/returns/state.ts';
import type { AuthorizationRequest } from './authorization-request.ts';

type Wanted = Pick<Authorization, 'resolution' | 'replacement'>;

/**
 * What a buyer wants for the goods, as a request says it. Throws BusinessError REPLACEMENT_WITHOUT_EXCHANGE for goods that
 * nobody wants in exchange, CURRENCY_MISMATCH for amounts in another currency than the order's.
 */
export function wantedIn({ resolution, replacement }: AuthorizationRequest, currency: string): Wanted {
  if (resolution === undefined && !replacement) return {};
  if (replacement && resolution !== 'exchange') {
    const message = `a replacement is given, and the resolution is ${resolution ?? 'a refund'}: say "exchange", or leave it out`;
    throw new BusinessError('REPLACEMENT_WITHOUT_EXCHANGE', message);
  }
  return { ...(resolution && { resolution }), ...(replacement && { replacement: inMinor(replacement, currency) }) };
}

function inMinor(
  { lines, collected }: NonNullable<AuthorizationRequest['replacement']>,
  currency: string,
): Replacement {
  const minor = (given: Money): number => {
    if (given.currency === currency) return given.minor;
    throw new BusinessError(
      'CURRENCY_MISMATCH',
      `the replacement is in ${given.currency}, and the order in ${currency}`,
    );
  };
  return {
    lines: lines.map(({ lineId, sku, quantity, net, taxes }) => ({
      ...{ lineId, sku, quantity, net: minor(net) },
      taxes: taxes.map(({ title, rate, amount, collectedBy }) => ({
        ...(title !== undefined && { title }),
        ...(rate !== undefined && { rate }),
        ...{ amount: minor(amount), collectedBy },
      })),
    })),
    collected: collected ? minor(collected) : 0,
  };
}
