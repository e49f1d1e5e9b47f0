import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CliError } from './report.ts';

/** Who gives a person's word, as AWS knows them. */
export type Operator = {
  /** The AWS principal; on the local stage the given name. */
  readonly by: string;
  /** For the history: the principal, and beside it the name that was given. */
  readonly cause: string;
  /** What can't be shown here, for the operator to know. */
  readonly caveat?: string;
};

const LOCAL =
  'On the local stage everybody is one AWS principal, so --by is taken at its word: that two persons decided is shown on a stage in AWS only.';

/**
 * The caller of a verb. In AWS it is whom their credentials belong to, asked of AWS itself, and a given name is a note and
 * nothing more: a name alone would make two persons of one. Throws CliError 3 when AWS does not say.
 */
export async function operatorOf(stage: string, given: string): Promise<Operator> {
  if (stage === 'local') return { by: given, cause: `operator/${given}`, caveat: LOCAL };
  const client = new STSClient({ maxAttempts: 2 });
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    if (!Arn) throw new CliError(3, 'AWS does not say whose credentials these are: sign in again');
    return { by: Arn, cause: `operator/${Arn} (${given})` };
  } finally {
    client.destroy();
  }
}
