import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { forward } from '../../bin/local/engines/forwarder.ts';

it('hands calls on to a port of the loopback address, until it is closed', async () => {
  const server = createServer((request, response) => {
    request.pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const forwarder = await forward('127.0.0.1', (server.address() as AddressInfo).port);
  const url = `http://127.0.0.1:${forwarder.port}/`;
  const big = 'x'.repeat(1_000_000);
  expect(await (await fetch(url, { method: 'POST', body: big })).text()).toBe(big);
  forwarder.close();
  await expect(fetch(url)).rejects.toThrow();
  server.close();
  server.closeAllConnections();
});
