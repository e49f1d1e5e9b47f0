import { styleText } from 'node:util';
import { Command, InvalidArgumentError, Option } from 'commander';
import { tellSettlement } from './demo/settlement.ts';
import { tellStory } from './demo/story.ts';
import { ENGINE_NAMES, type EngineName } from './engines/engine.ts';
import { missing } from './prepare.ts';
import { stopAll } from './process.ts';
import { consoleProgress } from './progress-console.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';
import { clientsOf, openWorld, type World } from './world.ts';

/**
 * `npm start`: the whole of Crossdock on this machine. Sets up what is needed, deploys the app to a local AWS engine, plays
 * one order, one return and one payout with a real ERP, then stays up to be tried. With --once it ends after the demo: 0 when all came
 * about, 1 when not.
 */
const program = new Command('npm start --')
  .description('Runs Crossdock locally: AWS engine, real ERP, a shop and a returns platform, all on 127.0.0.1.')
  .addOption(new Option('--engine <name>', 'AWS engine').choices([...ENGINE_NAMES]).default('ministack'))
  .option('--once', 'end after the demo with 0 or 1')
  .option('--orders <n>', 'play the demo for this many orders', positiveInteger, 1)
  .addHelpText('after', '\nExamples:\n  npm start\n  npm start -- --once\n  npm start -- --engine localstack')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('give a whole number from 1 to 999');
  return Number(text);
}

const { engine, once = false, orders } = program.parse().opts<{ engine: EngineName; once?: boolean; orders: number }>();

const lacks = await missing({ engine });
if (lacks.length > 0) {
  for (const { what, fix } of lacks) console.error(`${what}: ${fix}`);
  process.exit(1);
}

let world: World | undefined;
let ending: Promise<void> | undefined;

/** Takes everything down, once, however often it is asked for. */
const end = (): Promise<void> => {
  ending ??= (async () => {
    removeRunFile();
    await world?.close();
    await stopAll();
  })();
  return ending;
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    console.log('\nstopping …');
    void end().then(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  });
}

// A supervised child does not keep us alive, and between two steps there may be nothing else that does.
const awake = setInterval(() => {}, 60_000);
try {
  const began = performance.now();
  console.log(styleText('bold', `Crossdock on ${engine}`));
  world = await openWorld({ engine, onProgress: consoleProgress(process.stdout) });
  writeRunFile({
    ...runFileOf(world),
    controlUrls: { shopify: world.shop.controlUrl },
  });
  console.log(`ready after ${Math.round((performance.now() - began) / 1000)} s: ${world.apiUrl}`);
  for (let index = 0; index < orders; index++) await tellStory(world, console.log, numbered(index));
  const { settlementKey } = await tellSettlement(world, console.log);
  console.log(nextSteps(world, { orderId: numbered(orders - 1).orderId, settlementKey }, once));
  if (once) {
    await end();
    process.exitCode = 0;
    clearInterval(awake);
  }
} catch (error) {
  console.error(`\n${styleText('red', 'failed')}: ${error instanceof Error ? error.message : String(error)}`);
  if (world) console.error(`engine log: ${world.engine.logFile()}`);
  await end();
  process.exit(1);
}

function numbered(index: number): { orderId: string; number: string } {
  return { orderId: String(450789469 + index), number: `#${1001 + index}` };
}

function runFileOf({ engine: { endpoint }, engine: local, apiUrl }: World) {
  const { region, credentials } = clientsOf(local);
  return { endpoint, region, ...credentials, apiUrl };
}

function nextSteps(
  { engine: local, erp, shop, apiUrl }: World,
  { orderId, settlementKey }: { readonly orderId: string; readonly settlementKey: string },
  ended: boolean,
): string {
  const title = styleText('bold', '\nAll of it came about.');
  if (ended) return title;
  return [
    title,
    '',
    'It stays up until you press Ctrl-C. Try, in another terminal:',
    `  npx crossdock explain ${orderId} --stage local`,
    `  npx crossdock settlements show ${settlementKey.split('#').at(-1)} --stage local`,
    '  npx crossdock orders list --stage local',
    '  npx crossdock dlq list --stage local',
    '',
    `  Crossdock API   ${apiUrl}`,
    `  AWS endpoint    ${local.endpoint}`,
    `  ERP (Tryton)    ${erp.url}   database ${erp.database}, user admin, password ${erp.adminPassword}`,
    `  Shopify shop    ${shop.controlUrl}/__state`,
  ].join('\n');
}
