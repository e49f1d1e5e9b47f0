import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { operatorOf } from '../../../bin/commands/operator.ts';

const sts = mockClient(STSClient);
const ANA = 'arn:aws:sts::123456789012:assumed-role/Finance/ana';

describe('who gives a word on a return', () => {
  beforeEach(() => void sts.reset());

  it('is whom AWS knows the credentials of, whatever name is given', async () => {
    sts.on(GetCallerIdentityCommand).resolves({ Arn: ANA });
    for (const name of ['ana', 'ben']) {
      expect(await operatorOf('prod', name)).toEqual({ by: ANA, cause: `operator/${ANA} (${name})` });
    }
  });

  it('is nobody when AWS does not say', async () => {
    sts.on(GetCallerIdentityCommand).resolves({});
    await expect(operatorOf('prod', 'ana')).rejects.toMatchObject({ exit: 3 });
  });

  it('is the given name on the local stage, which says what it can’t show', async () => {
    expect(await operatorOf('local', 'ana')).toEqual({
      ...{ by: 'ana', cause: 'operator/ana' },
      caveat: expect.stringContaining('--by is taken at its word'),
    });
    expect(sts.calls()).toEqual([]);
  });
});
