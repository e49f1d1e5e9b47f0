import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SimTryton } from '../../../simulation/partners/tryton/sim-tryton.ts';
import { COMPANY } from '../../../simulation/retailer/company.ts';
import { type Database, type Erp, erpOn } from './erp.ts';

/** Confirmations of one sale that start together on a busy machine are over by then. */
const RACE_MS = 10_000;

const LOGIN = { database: 'crossdock', user: 'crossdock', password: 'connector', adminPassword: 'admin' };

/** The simulation's ERP behind a real socket, so that what is tried on a real one is tried on it too. */
export async function openSimulated(database: Database): Promise<Erp> {
  const sim = new SimTryton({
    ...LOGIN,
    url: 'http://127.0.0.1',
    company: COMPANY,
    ...(database === 'sqlite' && { sinful: { raceMs: RACE_MS } }),
  });
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { authorization } = request.headers;
    const { status, headers, body } = sim.handle({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: authorization === undefined ? {} : { authorization },
      body: Buffer.concat(parts).toString('utf8'),
      now: Date.now(),
    });
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return erpOn({ ...LOGIN, url, close }, database);
}
