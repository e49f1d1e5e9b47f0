import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeFolder } from '../../bin/local/engines/environment.ts';
import { ANY_PYTHON, findPython } from '../../bin/local/python.ts';

interface Wish {
  handler: string;
  payloads: unknown[];
  timeout?: number;
  env?: Record<string, string>;
}
interface Outcome {
  payload: { errorMessage?: string; trace?: string[]; env?: string[]; limit?: number };
  isError: boolean;
  logs: string;
}

const HANDLERS = `
import v8 from 'node:v8';
export class PaymentDeclined extends Error { name = 'PaymentDeclined'; }
export const echo = async (event, context) => {
  console.log('hello', event.n);
  return { n: event.n, id: context.awsRequestId, left: context.getRemainingTimeInMillis() <= 5000, env: Object.keys(process.env) };
};
export const decline = async () => { throw new PaymentDeclined('no funds'); };
export const fail = async (event) => {
  if (event.do === 'sleep') await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (event.do === 'spin') for (;;);
  if (event.do === 'exit') process.exit(7);
  if (event.do === 'kill') process.kill(process.pid, 'SIGKILL');
  if (event.do === 'escape') { setTimeout(() => { throw new Error('escaped'); }, 5); await new Promise(() => {}); }
  return 'fine';
};
export const heapLimitMb = async () => ({ limit: v8.getHeapStatistics().heap_size_limit / 2 ** 20 });
export const notAFunction = 1;
`;

let folder: string;
let python: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'crossdock-functions-'));
  writeFileSync(path.join(folder, 'index.mjs'), HANDLERS);
  writeFileSync(path.join(folder, 'broken.mjs'), 'throw new Error("boom at load")');
  writeFileSync(path.join(folder, 'old.cjs'), 'exports.handler = async () => "from CommonJS";');
  python = (await findPython(ANY_PYTHON))?.command ?? 'python3';
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs one function with the given payloads, one after another in the same environment. */
function run(wish: Wish): Outcome[] {
  const driver = path.join(import.meta.dirname, 'support', 'run_node_process.py');
  const node = path.join(nodeFolder(), 'node');
  const out = execFileSync(python, [driver, folder, node], {
    input: JSON.stringify([wish]),
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', TMPDIR: folder, PYTHONDONTWRITEBYTECODE: '1', ENGINE_SECRET: 'x' },
  });
  const [outcomes] = JSON.parse(out) as [string, boolean, string][][];
  return (outcomes ?? []).map(([payload, isError, logs]) => ({ payload: JSON.parse(payload), isError, logs }));
}

describe('a function as a local process', () => {
  it('gets event and context, keeps its process warm, and hands its log back', () => {
    const [first, second] = run({
      handler: 'index.echo',
      payloads: [{ n: 1 }, { n: 2 }],
      env: { STATE_TABLE_NAME: 's' },
    });
    expect(first).toMatchObject({ isError: false, payload: { n: 1, id: 'id-0', left: true } });
    expect(second).toMatchObject({ isError: false, payload: { n: 2, id: 'id-1' } });
    expect(second?.logs).toMatch(
      /^START RequestId: id-1 Version: \$LATEST\n.*\tid-1\tINFO\thello 2\nEND RequestId: id-1\nREPORT /,
    );
    expect(second?.logs).not.toContain('hello 1');
  });

  it("gets its own variables and none of the engine's", () => {
    const [outcome] = run({ handler: 'index.echo', payloads: [{}], env: { STATE_TABLE_NAME: 's' } });
    expect(outcome?.payload.env).toContain('STATE_TABLE_NAME');
    expect(outcome?.payload.env).toContain('LAMBDA_TASK_ROOT');
    expect(outcome?.payload.env).not.toContain('ENGINE_SECRET');
  });

  it('sizes its heap by its memory, unless its options of Node say how', () => {
    const limit = (env?: Record<string, string>): number | undefined =>
      run({ handler: 'index.heapLimitMb', payloads: [{}], ...(env && { env }) })[0]?.payload.limit;
    const sizes = '--max-semi-space-size=4 --max-old-space-size=200';
    expect(limit({ NODE_OPTIONS: sizes })).toBe(200 + 3 * 4);
    expect(limit({ NODE_OPTIONS: '--no-deprecation' })).toBe(limit());
    expect(limit()).toBeLessThan(1024);
  });

  it('writes JSON logs where the function asks for them', () => {
    const [outcome] = run({ handler: 'index.echo', payloads: [{ n: 1 }], env: { AWS_LAMBDA_LOG_FORMAT: 'JSON' } });
    const line = outcome?.logs.split('\n').find((text) => text.startsWith('{'));
    expect(JSON.parse(line ?? '')).toMatchObject({ level: 'INFO', requestId: 'id-0', message: 'hello 1' });
  });

  it('loads CommonJS too', () => {
    expect(run({ handler: 'old.handler', payloads: [{}] })).toMatchObject([{ payload: 'from CommonJS' }]);
  });

  it('tells the error by its name, with its trace', () => {
    const [outcome] = run({ handler: 'index.decline', payloads: [{}] });
    expect(outcome).toMatchObject({
      isError: true,
      payload: { errorType: 'PaymentDeclined', errorMessage: 'no funds' },
    });
    expect(outcome?.payload.trace?.length).toBeGreaterThan(1);
  });

  it.each([
    ['sleep', 'Sandbox.Timedout', /Task timed out after 1.00 seconds/],
    ['spin', 'Sandbox.Timedout', /Task timed out after 1.00 seconds/],
    ['exit', 'Runtime.ExitError', /exit status 7/],
    ['kill', 'Runtime.ExitError', /signal: 9/],
    ['escape', 'Error', /^escaped$/],
  ])('%s: ends the environment, and the next invocation has a new one', (does, errorType, message) => {
    const [failed, next] = run({ handler: 'index.fail', payloads: [{ do: does }, {}], timeout: 1 });
    expect(failed).toMatchObject({ isError: true, payload: { errorType } });
    expect(failed?.payload.errorMessage).toMatch(message);
    expect(next).toMatchObject({ isError: false, payload: 'fine' });
  });

  it.each([
    ['broken.handler', 'Error', 'boom at load'],
    ['absent.handler', 'Runtime.ImportModuleError', "Cannot find module 'absent'"],
    ['index.absent', 'Runtime.HandlerNotFound', 'index.absent is undefined or not exported'],
    ['index.notAFunction', 'Runtime.HandlerNotFound', 'index.notAFunction is undefined or not exported'],
    ['index', 'Runtime.MalformedHandlerName', 'Bad handler index'],
  ])('%s can not be loaded: the caller gets %s', (handler, errorType, errorMessage) => {
    expect(run({ handler, payloads: [{}] })).toMatchObject([{ isError: true, payload: { errorType, errorMessage } }]);
  });
});
