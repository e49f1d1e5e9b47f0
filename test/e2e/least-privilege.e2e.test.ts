import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenOrder } from '#core/orders/state.ts';
import type { OpenSettlement } from '#core/settlements/state.ts';
import { lookInto } from '../../bin/local/demo/look.ts';
import { tellStory } from '../../bin/local/demo/story.ts';
import { waitFor } from '../../bin/local/demo/wait-for.ts';
import { clientsOf, openWorld, output, type World } from '../../bin/local/world.ts';
import { payout } from './support/payout.ts';

/**
 * Least privilege is proved, not asserted: the main path with every function held to its role, on the engine that enforces
 * them; then the same path with one grant taken away.
 */
describe('with every function held to its role (MiniStack, IAM enforced)', () => {
  let world: World | undefined;
  const here = (): World => {
    if (!world) throw new Error('the world did not open');
    return world;
  };
  beforeAll(async () => {
    world = await openWorld({ engine: 'ministack', enforceIam: true });
  });
  afterAll(async () => world?.close());

  it('one order and one return go all the way', async () => {
    await tellStory(here(), () => {}, { orderId: '450789469', number: '#1001' });
    expect(here().shop.shop.orders.get('450789469')?.refunds).toHaveLength(1);
  }, 240_000);

  it('a settlement goes from the drop to its posted move', async () => {
    const look = lookInto(here());
    const s3 = new S3Client({ ...clientsOf(here().engine), forcePathStyle: true });
    const Bucket = output(here().outputs, 'DropBucketName');
    const Key = 'settlements/shopify/main/shopify-payouts/payout.json';
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: payout('88001', { id: '450789469' }) }));
    s3.destroy();
    const key = 'SETTLEMENT#shopify#main#88001';
    await waitFor('the settlement to be posted', async () => {
      return (await look.state<OpenSettlement>(key))?.status === 'posted';
    });
    expect((await look.state<OpenOrder>('ORDER#shopify#main#450789469'))?.settlements).toHaveLength(1);
    look.close();
  }, 240_000);

  it('and stop where one grant is taken away', async () => {
    const iam = new IAMClient(clientsOf(here().engine));
    const taken = await takeAway(iam, 'TrytonExecute', 'dynamodb:UpdateItem', 'dynamodb:PutItem');
    expect(taken).toBeGreaterThan(0);
    await expect(
      tellStory(here(), () => {}, { orderId: '450789470', number: '#1002', patienceSeconds: 15 }),
    ).rejects.toThrow('waited 15 s for the ERP to hold the order');
    iam.destroy();
  }, 240_000);
});

/** Deletes the inline policies of a function's role that grant all of these actions; answers how many. */
async function takeAway(iam: IAMClient, functionName: string, ...actions: string[]): Promise<number> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  let taken = 0;
  for (const { RoleName } of Roles.filter(({ RoleName: name }) =>
    name?.replaceAll('-', '').toLowerCase().includes(functionName.toLowerCase()),
  )) {
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames) {
      const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      const text = decodeURIComponent(PolicyDocument);
      if (!actions.every((action) => text.includes(action))) continue;
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
      taken += 1;
    }
  }
  return taken;
}
