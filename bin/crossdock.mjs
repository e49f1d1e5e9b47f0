#!/usr/bin/env node
// Plain JavaScript that any Node understands: the command line itself is TypeScript, which Node runs from version 24 on.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const newest = here('../node_modules/node/bin/node');

if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import('./crossdock.ts');
} else if (!existsSync(newest)) {
  console.error(
    `crossdock: it needs Node 24 and runs on ${process.versions.node}: run "npm ci" with install scripts allowed, which puts Node 24 beside it`,
  );
  process.exitCode = 1;
} else {
  const child = spawn(newest, [here('./crossdock.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}
