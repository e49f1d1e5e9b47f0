import { randomUUID } from 'node:crypto';
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenOrder } from '#core/orders/state.ts';
import { lookInto } from '../../bin/local/demo/look.ts';
import { tellSettlement } from '../../bin/local/demo/settlement.ts';
import { tellStory } from '../../bin/local/demo/story.ts';
import { clientsOf, openWorld, type World } from '../../bin/local/world.ts';
import { getSigned } from './support/signed.ts';

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
    const said: string[] = [];
    await tellSettlement(here(), (line) => said.push(line));
    expect(said.join('\n')).toContain('1 order matched, nothing differs');
    const look = lookInto(here());
    expect((await look.state<OpenOrder>('ORDER#shopify#main#450789469'))?.settlements).toHaveLength(1);
    look.close();
  }, 240_000);

  it.each([
    ['/v1/openapi.json', { openapi: '3.1.0' }],
    ['/v1/returns/R-450789469', { returnId: 'R-450789469', status: 'closed' }],
    ['/v1/orders/%231001', { orderId: '450789469' }],
  ])('%s is answered', async (target, body) => {
    const { apiUrl, platform } = here();
    const headers = platform.sign(`req_${randomUUID()}`, `GET ${target}\n`);
    const answer = await fetch(`${apiUrl.replace(/\/$/, '')}${target}`, { headers });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status: 200, body });
  });

  it('a settlement is shown to callers with AWS credentials, and its route to nobody else', async () => {
    const target = '/v1/settlements/shopify/main/88001001';
    const answer = await getSigned(here(), target);
    const body = await answer.json();
    expect({ status: answer.status, body }).toMatchObject({
      status: 200,
      body: { status: 'posted', announced: 38163, journal: [{ operationStatus: 'applied' }] },
    });
    expect((await fetch(`${here().apiUrl.replace(/\/$/, '')}${target}`)).status).toBe(404);
  });

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
