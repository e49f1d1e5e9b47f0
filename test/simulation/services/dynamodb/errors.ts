import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  IdempotentParameterMismatchException,
  ResourceNotFoundException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { attributeValues } from './attribute-values.ts';
import type { Item } from './values.ts';

/** Refusals as the SDK throws them. The document client leaves items within an error in DynamoDB's own form. */

const $metadata = { httpStatusCode: 400, attempts: 1, totalRetryDelay: 0 };

/** A request, or what it would make of an item, that DynamoDB does not accept. */
export const invalid = (message: string): DynamoDBServiceException =>
  new DynamoDBServiceException({ name: 'ValidationException', message, $fault: 'client', $metadata });

export const isInvalid = (error: unknown): error is DynamoDBServiceException =>
  error instanceof DynamoDBServiceException && error.name === 'ValidationException';

/** Something of DynamoDB's that nobody has needed here yet: a gap of the simulation, not a refusal of the service. */
export const notSimulated = (what: string): Error =>
  new Error(`${what} is not simulated: teach test/simulation/services/dynamodb, or do without it`);

export const noTable = (name: string): ResourceNotFoundException =>
  new ResourceNotFoundException({ message: `Requested resource not found: table ${name}`, $metadata });

const CONDITION_FAILED = 'The conditional request failed';

export const conditionFailed = (item?: Item): ConditionalCheckFailedException =>
  new ConditionalCheckFailedException({
    message: CONDITION_FAILED,
    $metadata,
    ...(item && { Item: attributeValues(item) }),
  });

/** Why one item of a transaction stood in its way; undefined for one that did not. */
export type Reason = { readonly code: string; readonly message?: string; readonly item?: Item | undefined } | undefined;

export const conditionReason = (item: Item | undefined): Reason => ({
  code: 'ConditionalCheckFailed',
  message: CONDITION_FAILED,
  item,
});

/** A transaction that was not carried out, with a reason for each of its items, in their order. */
export function cancelled(reasons: readonly Reason[]): TransactionCanceledException {
  const codes = reasons.map((reason) => reason?.code ?? 'None');
  return new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    $metadata,
    CancellationReasons: reasons.map(
      (reason): CancellationReason => ({
        Code: reason?.code ?? 'None',
        ...(reason?.message !== undefined && { Message: reason.message }),
        ...(reason?.item && { Item: attributeValues(reason.item) }),
      }),
    ),
  });
}

export const tokenMismatch = (): IdempotentParameterMismatchException =>
  new IdempotentParameterMismatchException({
    message: 'the request token was used for another transaction within the last ten minutes',
    $metadata,
  });
