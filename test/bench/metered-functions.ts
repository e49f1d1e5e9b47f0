import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { runFolder } from '../../bin/local/cache.ts';
import { clientsOf, output, type World } from '../../bin/local/world.ts';
import { outputName } from '../../functions/topology.ts';
import { type MeteredCall, openMeter } from './meter.ts';

/** What a function did since an instant. */
export type Ran = {
  readonly invocations: number;
  /** Sum over the invocations, as the engine reports it. */
  readonly wallMs: number;
  /** As CloudWatch Logs counts: the text and 26 bytes for each line. */
  readonly logBytes: number;
};

export type MeteredFunctions = {
  readonly calls: readonly MeteredCall[];
  /** CPU of all its processes since they began. */
  cpuMs(functionId: string): number;
  ran(functionId: string, since: number): Promise<Ran>;
  /** Gives the functions their own environment back. */
  close(): Promise<void>;
};

const BYTES_PER_LINE = 26;

/** Lets some deployed functions call AWS by way of a meter, and tell the CPU that they take. */
export async function meterFunctions(world: World, functionIds: readonly string[]): Promise<MeteredFunctions> {
  const { engine, outputs } = world;
  const lambda = new LambdaClient(clientsOf(engine));
  const logs = new CloudWatchLogsClient(clientsOf(engine));
  const meter = openMeter(engine.endpoint);
  const folder = path.join(runFolder(), 'cpu');
  mkdirSync(folder, { recursive: true });
  const given = new Map<string, Record<string, string>>();
  const configure = async (id: string, variables: Record<string, string>): Promise<void> => {
    const FunctionName = output(outputs, outputName('Function', id));
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: variables } }));
  };
  for (const id of functionIds) {
    const FunctionName = output(outputs, outputName('Function', id));
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const variables = Environment?.Variables ?? {};
    given.set(id, variables);
    await configure(id, {
      ...variables,
      ...meterVariables(id, await meter.urlFor(id), folder, variables.NODE_OPTIONS),
    });
  }
  return {
    calls: meter.calls,
    cpuMs: (id) =>
      readdirSync(folder)
        .filter((name) => name.startsWith(`${fileName(id)}-`))
        .reduce((sum, name) => sum + Number(readFileSync(path.join(folder, name), 'utf8')), 0),
    ran: async (id, since) => ranAs(await lines(logs, output(outputs, outputName('LogGroup', id)), since)),
    async close() {
      for (const [id, variables] of given) await configure(id, variables);
      lambda.destroy();
      logs.destroy();
      await meter.close();
    },
  };
}

const CPU_METER = `--import=${pathToFileURL(path.join(import.meta.dirname, 'workers/cpu-meter.ts')).href}`;

const meterVariables = (id: string, url: string, folder: string, options = ''): Record<string, string> => ({
  AWS_ENDPOINT_URL: url,
  NODE_OPTIONS: `${options} ${CPU_METER}`.trim(),
  CPU_METER_FOLDER: folder,
  CPU_METER_FUNCTION: id,
});

const fileName = (id: string): string => id.replace('/', '.');

function ranAs(messages: readonly string[]): Ran {
  const durations = messages.flatMap((message) => /^REPORT .*?\tDuration: ([\d.]+) ms/.exec(message)?.[1] ?? []);
  return {
    invocations: durations.length,
    wallMs: durations.reduce((sum, text) => sum + Number(text), 0),
    logBytes: messages.reduce((sum, message) => sum + Buffer.byteLength(message) + BYTES_PER_LINE, 0),
  };
}

async function lines(logs: CloudWatchLogsClient, logGroupName: string, startTime: number): Promise<string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({ logGroupName, startTime, ...(nextToken !== undefined && { nextToken }) }),
    );
    found.push(...(page.events ?? []).map(({ message = '' }) => message));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}
