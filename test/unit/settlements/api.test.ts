import '../platform/support.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { amazonReport } from '../../support/amazon-report.ts';
import { context, writtenDuring } from '../platform/support.ts';
import { amazonOrder, paid, SettlementHouse } from './house.ts';

const house = new SettlementHouse();
vi.mock('#platform/aws/stores.ts', () => ({
  stateStore: () => house.store,
  operationStore: () => house.store.operations,
}));
const { handler } = await import('../../../functions/handlers/settlements/read-settlement.ts');

const S1 = '1500/0001 ä';

async function ask(path: Record<string, string>, body: string | null = null) {
  const event = { headers: {}, body, pathParameters: path } as unknown as APIGatewayProxyEvent;
  const { result } = await writtenDuring(() => handler(event, context));
  return { status: result.statusCode, type: result.headers?.['content-type'], body: JSON.parse(result.body) as object };
}

describe('GET /v1/settlements/{channel}/{account}/{settlement}', () => {
  it('answers what is known of a settlement, by the id as a URL writes it', async () => {
    await house.order(amazonOrder(1));
    await house.read(amazonReport({ settlementId: S1, lines: paid(1) }));
    await house.tellOrders();
    const asked = { channel: 'amazon', account: 'main', settlement: encodeURIComponent(S1) };
    expect(await ask(asked)).toMatchObject({
      status: 200,
      body: { id: { settlementId: S1 }, status: 'posting', announced: 3_152, differences: [] },
    });
  });

  it('answers a problem document for what is not there, or is no name', async () => {
    expect(await ask({ channel: 'amazon', account: 'main', settlement: 'none' })).toMatchObject({
      status: 404,
      type: 'application/problem+json',
      body: { code: 'SETTLEMENT_UNKNOWN', correlationId: expect.any(String) },
    });
    expect(await ask({ channel: 'A#B', account: 'main', settlement: S1 })).toMatchObject({
      status: 400,
      body: { code: 'REQUEST_MALFORMED', errors: [{ field: 'channel' }] },
    });
    expect(await ask({ channel: 'amazon', account: 'main', settlement: '%E0%A4%A' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'settlement' }] },
    });
    expect(await ask({ channel: 'amazon', account: 'main', settlement: S1 }, 'x')).toMatchObject({ status: 413 });
  });

  it('never fails, whatever is asked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.string(),
        fc.string({ maxLength: 300 }),
        async (channel, account, settlement) => {
          expect([400, 404]).toContain((await ask({ channel, account, settlement })).status);
        },
      ),
    );
  });
});
