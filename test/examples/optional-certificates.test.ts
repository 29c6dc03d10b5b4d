import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import express, { type RequestHandler } from 'express';
import { attemptHandshake, createPki, observe, type Identity } from 'mtls-fixtures';
import { describeServerUnderTest, expect, test as base } from 'mtls-fixtures/vitest';
import { Agent, request } from 'undici';
import { afterAll, beforeAll } from 'vitest';

// #region service
const requireClient: RequestHandler = (incoming, response, next) => {
  const socket = incoming.socket as TLSSocket; // the service speaks nothing but TLS
  const hasCertificate = socket.getPeerX509Certificate() !== undefined; // Node 22: authorized is true for a resumed session without one
  if (socket.authorized && hasCertificate) next();
  else response.status(401).send('a valid client certificate is required');
};

function createService(options: https.ServerOptions): https.Server {
  const app = express();
  app.get('/health', (_request, response) => void response.send('ok'));
  app.get('/orders', requireClient, (_request, response) => void response.send('three orders'));
  return https.createServer({ ...options, requestCert: true, rejectUnauthorized: false }, app);
}
// #endregion

const test = base.extend('service', async ({ pki }, { onCleanup }) => {
  const identity = pki.server();
  const server = createService(identity.tls);
  const service = observe(server, { identity });
  onCleanup(() => service.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return service;
});

// #region statuses
test('health is open to every client, orders to valid ones', async ({ pki, service }) => {
  const status = async (path: string, identity?: Identity): Promise<number> => {
    const agent = new Agent({ connect: service.clientOptions(identity) });
    const { statusCode, body } = await request(`${service.url}${path}`, { dispatcher: agent });
    await body.dump();
    return statusCode;
  };
  const alice = pki.client('alice');
  const expired = pki.client('old', { notAfter: new Date(0) });

  expect([await status('/health'), await status('/health', alice), await status('/health', expired)]).toEqual([200, 200, 200]);
  expect([await status('/orders'), await status('/orders', alice), await status('/orders', expired)]).toEqual([401, 200, 401]);
});
// #endregion

// #region handshakes
test('TLS accepts the expired client; the record says that it is not authenticated', async ({ pki, service }) => {
  const handshake = await attemptHandshake(service, { identity: pki.client('old', { notAfter: new Date(0) }) });

  expect(handshake).toBeAccepted();
  expect(handshake).toMatchObject({ clientAuthenticated: false, authorizationError: 'CERT_HAS_EXPIRED' });
});
// #endregion

test('toReject fails, since no handshake is rejected', async ({ pki, service }) => {
  await expect(service).toAccept(pki.client('alice'));

  await expect(expect(service).toReject(pki.client('old', { notAfter: new Date(0) }))).rejects.toThrow(
    /expected the client to be rejected.*it was accepted/u,
  );
});

// #region suite
const pki = createPki();
const service = createService(pki.server().tls);
beforeAll(() => once(service.listen(0, '127.0.0.1'), 'listening'));
afterAll(() => void service.close());

describeServerUnderTest(
  'the orders',
  {
    attempt: async (tls) => {
      const agent = new Agent({ connect: tls });
      try {
        const { port } = service.address() as AddressInfo; // of a TCP server
        const { statusCode, body } = await request(`https://localhost:${port}/orders`, { dispatcher: agent });
        await body.dump();
        if (statusCode !== 200) throw new Error(`refused with status ${statusCode}`);
      } finally {
        await agent.destroy();
      }
    },
  },
  { pki, stack: 'node' },
);
// #endregion
