// A small Node runtime for Lambda functions. Runs as: node bootstrap.mjs <file descriptor of the control channel>
// The channel carries one JSON document a line; node_process.py describes them.
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const env = process.env;
const channel = new Socket({ fd: Number(process.argv[2]), readable: true, writable: true });
const send = (message, sent) => channel.write(`${JSON.stringify(message)}\n`, sent);
// Whoever holds the other end is gone, or has stopped this environment.
channel.on('error', () => process.exit(0));
channel.on('close', () => process.exit(0));

/** Id of the invocation in progress. */
let requestId;

/** Lambda's two log formats; see "Log and monitor Node.js Lambda functions" in the AWS Lambda developer guide. */
function formatConsole() {
  const json = env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';
  for (const method of ['trace', 'debug', 'info', 'warn', 'error', 'log']) {
    const level = method === 'log' ? 'INFO' : method.toUpperCase();
    console[method] = (...args) => {
      const timestamp = new Date().toISOString();
      const message = args.length === 1 && typeof args[0] === 'object' ? args[0] : format(...args);
      const line = json
        ? JSON.stringify({ timestamp, level, requestId, message })
        : `${timestamp}\t${requestId}\t${level}\t${format(...args).replaceAll('\n', '\r')}`;
      process.stdout.write(`${line}\n`);
    };
  }
}

/** An error as callers see it, Step Functions among them. */
function toError(thrown, type) {
  if (thrown instanceof Error) {
    return { errorType: type ?? thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
  }
  const errorMessage = typeof thrown === 'string' ? thrown : format('%o', thrown);
  return { errorType: type ?? typeof thrown, errorMessage, trace: [] };
}

/** An error outside the handler's promise ends the environment, as in Lambda. */
function crash(thrown, type) {
  const error = toError(thrown, type);
  console.error(type ?? 'Uncaught Exception', JSON.stringify(error));
  if (requestId) send({ type: 'error', error, fatal: true }, () => process.exit(128));
  else process.exit(128);
}

function initError(message, type) {
  return Object.assign(new Error(message), { type });
}

async function loadModule(base, name) {
  const file = ['.mjs', '.js', '.cjs'].map((extension) => base + extension).find((candidate) => existsSync(candidate));
  if (!file) throw initError(`Cannot find module '${name}'`, 'Runtime.ImportModuleError');
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) throw Object.assign(error, { type: 'Runtime.UserCodeSyntaxError' });
    if (/MODULE_NOT_FOUND/.test(error?.code)) throw Object.assign(error, { type: 'Runtime.ImportModuleError' });
    throw error;
  }
}

/** The function named by `_HANDLER`, as in `folder/file.export`. */
async function loadHandler() {
  const [, name, exported] = /^((?:.*\/)?[^/.]+)\.(.+)$/.exec(env._HANDLER ?? '') ?? [];
  if (!name) throw initError(`Bad handler ${env._HANDLER}`, 'Runtime.MalformedHandlerName');
  const module = await loadModule(path.join(env.LAMBDA_TASK_ROOT, name), name);
  const handler = module[exported] ?? module.default?.[exported];
  if (typeof handler !== 'function') {
    throw initError(`${env._HANDLER} is undefined or not exported`, 'Runtime.HandlerNotFound');
  }
  return handler;
}

function contextOf(request) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: request.arn,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: request.requestId,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, request.deadlineMs - Date.now()),
  };
}

async function serve(handler, request) {
  requestId = request.requestId;
  env._X_AMZN_TRACE_ID = request.traceId;
  let answer;
  try {
    const value = await handler(JSON.parse(request.payload), contextOf(request));
    answer = { type: 'result', payload: JSON.stringify(value) ?? 'null' };
  } catch (thrown) {
    const error = toError(thrown);
    console.error('Invoke Error', JSON.stringify(error));
    answer = { type: 'error', error };
  }
  // A crash from here on is one between two invocations.
  requestId = undefined;
  send(answer);
}

function listen(handler) {
  let pending = '';
  channel.setEncoding('utf8').on('data', (chunk) => {
    const lines = (pending + chunk).split('\n');
    pending = lines.pop();
    for (const line of lines) void serve(handler, JSON.parse(line));
  });
}

formatConsole();
process.on('uncaughtException', (error) => crash(error));
process.on('unhandledRejection', (reason) => crash(reason, 'Runtime.UnhandledPromiseRejection'));
try {
  listen(await loadHandler());
  send({ type: 'ready' });
} catch (thrown) {
  const error = toError(thrown, thrown?.type);
  console.error('Init Error', JSON.stringify(error));
  send({ type: 'init-error', error }, () => process.exit(1));
}
