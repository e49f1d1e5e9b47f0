import { accepted, type Decider, type Decision, ignored, never } from '../kernel/decision.ts';
import { type Effects, effects } from '../kernel/effects.ts';
import type { Money } from '../kernel/money.ts';
import { MAX_WAITING } from './waiting.ts';

/** Who supplies a SKU and what one unit costs, as the merchant says; and which returns wait to be told. */
export type SkuState = {
  readonly supplier?: string;
  readonly unitCost?: Money;
  /** Who supplied it before: what was claimed from them stays claimed from them. */
  readonly formerSuppliers: readonly string[];
  /** Keys of returns that have something to claim, and nobody to claim it from. */
  readonly waiting: readonly string[];
  /** More of them wait, or did, than this row has room for: rows beside it name them (waiting.ts). */
  readonly overflows?: true;
};

export type SkuCommand =
  | { readonly type: 'assign'; readonly sku: string; readonly supplier: string; readonly unitCost?: Money }
  | { readonly type: 'wait'; readonly sku: string; readonly returnKey: string }
  | { readonly type: 'collected'; readonly sku: string; readonly returnKey: string };

export type SkuEvent =
  | { readonly type: 'sku.assigned'; readonly sku: string; readonly supplier: string; readonly unitCost?: Money }
  | { readonly type: 'sku.waited-for' | 'sku.collected'; readonly sku: string; readonly returnKey: string }
  | { readonly type: 'sku.overflowed'; readonly sku: string };

export const skuKey = (sku: string): string => `SKU#${sku}`;

export const skuDecider: Decider<SkuState, SkuCommand, SkuEvent> = {
  initial: { formerSuppliers: [], waiting: [] },
  decide(command, state): Decision<SkuEvent> {
    const { waiting, supplier, overflows } = state;
    switch (command.type) {
      case 'assign':
        return isSame(command, state) ? ignored('known') : accepted({ ...command, type: 'sku.assigned' });
      case 'wait':
        if (supplier !== undefined) return ignored('its supplier is known');
        if (waiting.includes(command.returnKey)) return ignored('waited for');
        if (waiting.length < MAX_WAITING) return accepted({ ...command, type: 'sku.waited-for' });
        return overflows ? ignored('full') : accepted({ type: 'sku.overflowed', sku: command.sku });
      case 'collected':
        return waiting.includes(command.returnKey)
          ? accepted({ ...command, type: 'sku.collected' })
          : ignored('not waited for');
      default:
        return never(command);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'sku.assigned': {
        const { supplier, unitCost } = event;
        const { supplier: _was, unitCost: _old, formerSuppliers, ...rest } = state;
        const former = [...formerSuppliers, ...(state.supplier === undefined ? [] : [state.supplier])];
        const others = [...new Set(former)].filter((one) => one !== supplier);
        return { ...rest, supplier, ...(unitCost && { unitCost }), formerSuppliers: others };
      }
      case 'sku.waited-for':
        return { ...state, waiting: [...state.waiting, event.returnKey] };
      case 'sku.collected':
        return { ...state, waiting: state.waiting.filter((key) => key !== event.returnKey) };
      case 'sku.overflowed':
        return { ...state, overflows: true };
      default:
        return never(event);
    }
  },
};

const isSame = ({ supplier, unitCost }: Extract<SkuCommand, { type: 'assign' }>, state: SkuState): boolean =>
  state.supplier === supplier &&
  state.unitCost?.minor === unitCost?.minor &&
  state.unitCost?.currency === unitCost?.currency;

const SUPPLIER_UNKNOWN = 'SUPPLIER_UNKNOWN';

export function skuReactions(events: readonly SkuEvent[], state: SkuState): Effects {
  const [{ sku } = { sku: '' }] = events;
  if (state.supplier !== undefined) return effects({ closeCases: [SUPPLIER_UNKNOWN] });
  if (!events.some(({ type }) => type === 'sku.waited-for')) return effects({});
  return effects({
    openCases: [
      {
        code: SUPPLIER_UNKNOWN,
        owner: 'retail-operations',
        message: `nobody is said to supply ${sku}: ${state.waiting.length} returns have something to claim for it`,
        suggestedFix:
          'write its supplier into a file (sku, supplier, unit cost, currency), then: crossdock claims suppliers FILE --apply',
      },
    ],
  });
}
