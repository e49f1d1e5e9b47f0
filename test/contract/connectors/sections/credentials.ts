import { expect, it } from 'vitest';
import { PartnerConfigurationError } from '#core/kernel/errors.ts';
import { ExecutionHouse } from '../execution-house.ts';
import { type Exchange, Tape } from '../tape.ts';
import { answeredAt, execute, type OperationSubject } from './calls.ts';

/** Credentials that expire in the middle of the work: renewed where the connector can, else a case, and nothing is lost. */
export function credentials({ partner, under }: OperationSubject): void {
  const { refused, renewal } = partner.credentials;
  const isRenewal = ({ name }: Exchange): boolean => (renewal ?? []).some((one) => one.name === name);
  const requests = [...under.applied.keys()].filter((at) => !isRenewal(under.applied[at] as Exchange));

  if (renewal) {
    it('at any request: gets new ones, repeats it, and goes on', async () => {
      for (const at of requests) {
        const tape = [...answeredAt(under.applied, at, refused), ...renewal, ...under.applied.slice(at)];
        const told = await execute(partner, under, tape);
        expect(told, under.applied[at]?.name).toEqual({ kind: 'applied', ...under.outcome });
      }
    });
  }

  it('for good: says that a person must mend them', async () => {
    for (const at of requests) {
      const cut = answeredAt(under.applied, at, refused);
      const tape = renewal ? [...cut, ...renewal, ...cut.slice(-1)] : cut;
      await expect(execute(partner, under, tape), under.applied[at]?.name).rejects.toThrow(PartnerConfigurationError);
    }
  });

  it('for good: the operation waits with a case, and goes on once they are mended', async () => {
    const house = new ExecutionHouse(partner.now);
    await house.plan(under.operation);
    const first = Math.max(
      0,
      under.applied.findIndex(({ effect }) => effect),
    );
    const cut = answeredAt(under.applied, first, refused);
    await Tape.playing(renewal ? [...cut, ...renewal, ...cut.slice(-1)] : cut, async (url) => {
      const row = await house.execute(under.operation, partner.open(url, house.clock));
      expect(row).toMatchObject({ status: 'deferred' });
    });
    expect(await house.caseCodes()).toHaveLength(1);
    await house.untilDue(under.operation);
    await Tape.playing(under.applied, async (url) => {
      const row = await house.execute(under.operation, partner.open(url, house.clock));
      expect(row).toMatchObject({ status: 'applied', ref: under.outcome.ref });
    });
    expect(await house.caseCodes()).toEqual([]);
  });
}
