import * as z from 'zod';
import { contract } from '../envelope.ts';
import { moneySchema, reasonSchema } from '../shared.ts';
import * as types from './types.ts';

const refSchema = {
  refundId: z.string().min(1),
  orderKey: z.string().min(1),
  /** The return that it settles, if any. */
  returnKey: z.string().min(1).optional(),
  amount: moneySchema,
};

const step = <S extends z.ZodRawShape>(shape: S) => z.strictObject({ ...refSchema, ...shape });

export const refundPlannedV1 = contract(types.refundPlannedV1, step({}));

export const refundIssuedV1 = contract(types.refundIssuedV1, step({ channelRef: z.string().min(1) }));

export const refundConfirmedV1 = contract(types.refundConfirmedV1, step({ channelRef: z.string().min(1) }));

export const refundRefusedV1 = contract(types.refundRefusedV1, step({ reason: reasonSchema }));

export const refundRecordedV1 = contract(types.refundRecordedV1, step({ channelRef: z.string().min(1) }));
