import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import { expect, test } from 'vitest';
import { createPki, startHttp2Server } from '../../../../src/index.ts';
import { Connections } from '../../../../src/scenarios/run/client/connections.ts';
import { httpsGet } from '../../../mutants/correct-clients.ts';

const pki = createPki({ name: 'connections' });
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

test.for(versions)('idle connections of HTTP/1.1 end, and their sessions are not resumed (%s)', async (version) => {
  await using server = await startHttp2Server((_request, response) => response.end('ok'), { pki, allowHTTP1: true, maxVersion: version });
  const connections = new Connections(server.server);
  const agent = new https.Agent({ keepAlive: true, ...server.clientOptions(pki.client()) });
  const idle = (): number => Object.values(agent.freeSockets).flat().length;

  await httpsGet(server.url, { agent });
  await connections.end();
  const afterEnd = idle();
  await httpsGet(server.url, { agent });
  agent.destroy();

  expect(afterEnd).toBe(0);
  expect(connections.count).toBe(2);
  expect(server.handshakes.map(({ resumed }) => resumed)).toEqual([false, false]);
});

test.for(versions)('without that the connection is used again (%s)', async (version) => {
  await using server = await startHttp2Server((_request, response) => response.end('ok'), { pki, allowHTTP1: true, maxVersion: version });
  const connections = new Connections(server.server);
  const agent = new https.Agent({ keepAlive: true, ...server.clientOptions(pki.client()) });

  await httpsGet(server.url, { agent });
  await httpsGet(server.url, { agent });
  agent.destroy();

  expect(connections.count).toBe(1);
});

test.for(versions)('sessions of HTTP/2 are closed, without an error for their client (%s)', async (version) => {
  await using server = await startHttp2Server((_request, response) => response.end('ok'), { pki, maxVersion: version });
  const connections = new Connections(server.server);
  const session = http2.connect(server.url, server.clientOptions(pki.client()));
  const errors: unknown[] = [];
  session.on('error', (error) => errors.push(error));
  await once(session.request().resume(), 'end');

  await connections.end();

  expect(session.closed).toBe(true);
  expect(errors).toEqual([]);
});
