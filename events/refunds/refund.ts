import * as z from 'zod/mini';
import { contract } from '../envelope.ts';
import { moneySchema, reasonSchema, textSchema } from '../shared.ts';
import * as types from './types.ts';

const refSchema = {
  refundId: textSchema,
  orderKey: textSchema,
  /** The return that it settles, if any. */
  returnKey: z.optional(textSchema),
  amount: moneySchema,
};

const step = <S extends z.core.$ZodLooseShape>(shape: S) => z.strictObject({ ...refSchema, ...shape });

export const refundPlannedV1 = contract(types.refundPlannedV1, step({}));

export const refundIssuedV1 = contract(types.refundIssuedV1, step({ channelRef: textSchema }));

export const refundConfirmedV1 = contract(types.refundConfirmedV1, step({ channelRef: textSchema }));

export const refundRefusedV1 = contract(types.refundRefusedV1, step({ reason: reasonSchema }));

export const refundUnconfirmedV1 = contract(types.refundUnconfirmedV1, step({ reason: reasonSchema }));

export const refundRecordedV1 = contract(types.refundRecordedV1, step({ channelRef: textSchema }));
