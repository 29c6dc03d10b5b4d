import https from 'node:https';
import { Client as Elasticsearch } from '@elastic/elasticsearch';
import { Client as Cassandra } from 'cassandra-driver';
import { type Identity, observe, startHttpsServer, startTlsServer } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';
import { once } from 'node:events';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { Agent, WebSocket } from 'undici';

const past = new Date(0);

test('@elastic/elasticsearch', async ({ pki }) => {
  await using server = await startHttpsServer((_request, response) => void response.setHeader('x-elastic-product', 'Elasticsearch').end(), {
    pki,
  });
  // #region elasticsearch
  const ping = ({ tls }: Identity): Promise<boolean> => new Elasticsearch({ node: server.url, tls, maxRetries: 0 }).ping();

  expect(await ping(pki.client('alice'))).toBe(true);
  await expect(ping(pki.client('old', { notAfter: past }))).toFailHandshake({ by: 'server', alert: 'certificate_expired' });
  // #endregion
});

test('socket.io-client', async ({ pki }) => {
  const web = https.createServer(pki.server().serverTls);
  const sockets = new Server(web);
  await using server = observe(web, { identity: pki.server() });
  await once(web.listen(0, '127.0.0.1'), 'listening');
  // #region socket-io
  const open = async ({ tls }: Identity): Promise<void> => {
    const socket = io(server.url, { ...tls, transports: ['websocket'], reconnection: false, forceNew: true });
    await new Promise<void>((resolve, reject) => void socket.on('connect', resolve).on('connect_error', reject)).finally(() =>
      socket.close(),
    );
  };

  await open(pki.client('alice'));
  await expect(open(pki.client('old', { notAfter: past }))).toFailHandshake({ by: 'server', alert: 'certificate_expired' });
  // #endregion
  expect(sockets.sockets.sockets.size).toBeLessThanOrEqual(1);
});

test('cassandra-driver', async ({ pki }) => {
  await using server = await startTlsServer({ pki });
  // #region cassandra
  const connect = async ({ tls }: Identity): Promise<void> => {
    const sslOptions = { ...tls, host: 'localhost', rejectUnauthorized: true }; // its default verifies nothing
    const client = new Cassandra({ contactPoints: [`localhost:${server.port}`], localDataCenter: 'datacenter1', sslOptions });
    try {
      await client.connect();
    } finally {
      await client.shutdown();
    }
  };

  await expect(connect(pki.client('old', { notAfter: past }))).toFailHandshake({ by: 'server', alert: 'certificate_expired' });
  // #endregion
  await expect(server).toAccept(pki.client('alice'));
});

test("undici's WebSocket", async ({ pki }) => {
  await using server = await startTlsServer({ pki });
  // #region undici-events
  const open = ({ tls }: Identity): Promise<unknown> => {
    const dispatcher = new Agent({ connect: tls });
    new WebSocket(`wss://localhost:${server.port}`, { dispatcher }).addEventListener('error', () => {}); // its event has no reason
    return new Promise((_resolve, reject) => {
      dispatcher.on('connectionError', (_origin, _targets, error) => reject(error)); // before it was connected
      dispatcher.on('disconnect', (_origin, _targets, error) => reject(error)); // after: over TLS 1.3 the server rejects then
    });
  };

  await expect(open(pki.client('old', { notAfter: past }))).toFailHandshake({ by: 'server', alert: 'certificate_expired' });
  // #endregion
  await expect(server).toAccept(pki.client('alice'));
});
