import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetExecutionHistoryCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { clientsOf, output } from '../../../bin/local/world.ts';
import type { Town } from '../support/town.ts';

/** What is known of the buyers of the sample and the built orders. */
const PERSONAL = /norman|ada.buyer|chestnut|mail\.example\.com|555-625|502\)-459/i;

/** Looks for the buyers after everything that the other suites did. */
export function privacy(town: () => Town): void {
  describe('personal data', () => {
    it('is in no log and no metric', async () => {
      const logs = new CloudWatchLogsClient(clientsOf(town().world.engine));
      const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
      let lines = 0;
      for (const { logGroupName } of logGroups) {
        let nextToken: string | undefined;
        do {
          const page = await logs.send(new FilterLogEventsCommand({ logGroupName, ...(nextToken && { nextToken }) }));
          for (const { message = '' } of page.events ?? []) {
            lines += 1;
            expect(message).not.toMatch(PERSONAL);
          }
          nextToken = page.nextToken;
        } while (nextToken);
      }
      logs.destroy();
      expect(lines).toBeGreaterThan(100);
    });

    it('is in no input, output or history of a workflow', async () => {
      const sfn = new SFNClient(clientsOf(town().world.engine));
      const stateMachineArn = output(town().world.outputs, 'ReturnWorkflowArn');
      const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
      expect(executions.length).toBeGreaterThan(0);
      for (const { executionArn } of executions) {
        const history = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
        expect(JSON.stringify(history.events)).not.toMatch(PERSONAL);
      }
      sfn.destroy();
    });

    it("is in one attribute of the order's row, and in no other row of any table", async () => {
      const { world } = town();
      const tables = DynamoDBDocumentClient.from(new DynamoDBClient(clientsOf(world.engine)));
      let found = 0;
      for (const name of ['StateTableName', 'OperationsTableName', 'InboxTableName']) {
        const { Items = [] } = await tables.send(new ScanCommand({ TableName: output(world.outputs, name) }));
        for (const { personal, ...row } of Items) {
          if (personal) found += 1;
          expect(JSON.stringify(row)).not.toMatch(PERSONAL);
        }
      }
      tables.destroy();
      expect(found).toBeGreaterThan(0);
    });
  });
}
