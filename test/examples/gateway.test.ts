import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import { text } from 'node:stream/consumers';
import express, { type Express } from 'express';
import { parseForwardedHeaders, startGateway } from 'mtls-fixtures/forwarded';
import { expect, test } from 'mtls-fixtures/vitest';
import { Agent, request } from 'undici';
import { WebSocket, WebSocketServer } from 'ws';

// #region application
/** Behind a proxy that ends TLS and names the client as RFC 9440 says. */
function createApplication(): Express {
  const app = express();
  app.get('/hello', (incoming, response) => {
    const lines = incoming.headersDistinct['client-cert'] ?? [];
    if (lines.length > 1) response.status(400).send('the client is named twice');
    else if (lines.length === 0) response.status(401).send('a client certificate is required');
    else response.send(`hello ${commonNameIn(lines[0])}`);
  });
  return app;
}

function commonNameIn(line: string | undefined): string | undefined {
  return parseForwardedHeaders({ 'client-cert': line }, 'rfc9440').certificate?.commonName; // in production a parser of your own
}
// #endregion

// #region express
test('the application greets the client by the name in its certificate', async ({ pki }) => {
  await using gateway = await startGateway({ pki, upstream: createApplication(), format: 'rfc9440' });
  const alice = new Agent({ connect: pki.client('alice').tls });

  const { statusCode, body } = await request(`${gateway.url}/hello`, { dispatcher: alice });

  expect([statusCode, await body.text()]).toEqual([200, 'hello alice']);
  expect(gateway.requests).toMatchObject([{ path: '/hello', status: 200, certificate: { commonName: 'alice' } }]);
});
// #endregion

// #region forged
test('a header that the client sends does not reach the application', async ({ pki }) => {
  await using gateway = await startGateway({ pki, upstream: createApplication(), format: 'rfc9440' });
  const mallory = new Agent({ connect: pki.client('mallory').tls });
  const forged = `:${pki.client('admin').certificate.raw.toString('base64')}:`;

  const { body } = await request(`${gateway.url}/hello`, { dispatcher: mallory, headers: { 'client-cert': forged } });

  expect(await body.text()).toBe('hello mallory');
});

test('behind a proxy that lets it through, the application refuses the request: the header is there twice', async ({ pki }) => {
  await using gateway = await startGateway({ pki, upstream: createApplication(), format: 'rfc9440', strip: false });
  const mallory = new Agent({ connect: pki.client('mallory').tls });
  const forged = `:${pki.client('admin').certificate.raw.toString('base64')}:`;

  const { statusCode, body } = await request(`${gateway.url}/hello`, { dispatcher: mallory, headers: { 'client-cert': forged } });

  expect([statusCode, await body.text()]).toEqual([400, 'the client is named twice']);
});
// #endregion

// #region rejected
test('a client without a certificate does not get as far as the application', async ({ pki }) => {
  await using gateway = await startGateway({ pki, upstream: createApplication(), format: 'rfc9440' });

  await expect(gateway).toAccept(pki.client());
  await expect(gateway).toReject();
});
// #endregion

// #region fixture
test.override('gatewayOptions', () => ({ format: 'nginx' as const, clientAuth: 'request' as const }));

test('the fixture: a gateway in front of an application that answers with the headers that it got', async ({ gateway, client }) => {
  const withCertificate = new Agent({ connect: client.tls });
  const without = new Agent({ connect: { ca: client.tls.ca } });

  const named = (await (await request(gateway.url, { dispatcher: withCertificate })).body.json()) as Record<string, string[]>;
  const anonymous = (await (await request(gateway.url, { dispatcher: without })).body.json()) as Record<string, string[]>;

  expect(named['x-ssl-client-verify']).toEqual(['SUCCESS']);
  expect(anonymous['x-ssl-client-verify']).toEqual(['NONE']);
});
// #endregion

// #region websocket
test('a WebSocket knows its client too', async ({ pki }) => {
  const server = http.createServer();
  new WebSocketServer({ server }).on('connection', (socket, incoming) => {
    socket.send(`hello ${parseForwardedHeaders(incoming.headersDistinct, 'rfc9440').certificate?.commonName}`);
  });
  await using gateway = await startGateway({ pki, upstream: server, format: 'rfc9440' });

  const socket = new WebSocket(gateway.url.replace('https:', 'wss:'), pki.client('alice').tls);
  const [greeting] = (await once(socket, 'message')) as [Buffer];
  socket.close();

  expect(greeting.toString()).toBe('hello alice');
});
// #endregion

// #region h2
test('clients may speak HTTP/2, the application need not', async ({ pki }) => {
  await using gateway = await startGateway({ pki, upstream: createApplication(), format: 'rfc9440' });
  const session = http2.connect(gateway.url, pki.client('alice').tls);

  const answer = await text(session.request({ ':path': '/hello' }));
  session.close();

  expect(answer).toBe('hello alice');
  expect(gateway.requests).toMatchObject([{ protocol: 'HTTP/2', status: 200 }]);
});
// #endregion
