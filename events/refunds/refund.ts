import { z } from 'zod';
import { contract } from '../envelope.ts';
import { moneySchema, reasonSchema } from '../shared.ts';

const refSchema = {
  refundId: z.string().min(1),
  orderKey: z.string().min(1),
  /** The return that it settles, if any. */
  returnKey: z.string().min(1).optional(),
  amount: moneySchema,
};

const step = <S extends z.ZodRawShape>(shape: S) => z.strictObject({ ...refSchema, ...shape });

export const refundPlannedV1 = contract(
  'refund.planned.v1',
  1,
  'Money of the order is reserved, and the channel is asked to pay it back; sent again when a refused one is retried.',
  step({}),
);

export const refundIssuedV1 = contract(
  'refund.issued.v1',
  1,
  'The channel has taken the refund.',
  step({ channelRef: z.string().min(1) }),
);

export const refundConfirmedV1 = contract(
  'refund.confirmed.v1',
  1,
  'The channel reports our refund as made.',
  step({ channelRef: z.string().min(1) }),
);

export const refundRefusedV1 = contract(
  'refund.refused.v1',
  1,
  'The channel refuses the refund; its money is free again and a case is open.',
  step({ reason: reasonSchema }),
);

export const refundRecordedV1 = contract(
  'refund.recorded.v1',
  1,
  'The channel made a refund by itself.',
  step({ channelRef: z.string().min(1) }),
);
