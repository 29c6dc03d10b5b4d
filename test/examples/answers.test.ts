import { execFile } from 'node:child_process';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import axios from 'axios';
import { attemptHandshake, createPki, identityFromPem, startHttpsServer, startTlsServer, writeFiles } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';

// What docs/how-do-i.md answers without a page of its own.

test('a certificate of another CA: the client trusts its own anchors unless trust is given', async ({ pki, server }) => {
  const eve = createPki().client('eve');

  expect(await attemptHandshake(server, { identity: eve })).toBeRejected({ by: 'client' });
  expect(await attemptHandshake(server, { identity: eve, trust: pki })).toBeRejected({ by: 'server', alert: 'unknown_ca' });
  await expect(server).toReject(eve, { alert: 'unknown_ca' });
});

test('a chain without its intermediate', async ({ pki, server }) => {
  const { keyPem, certificatePem, chainPem, anchors } = pki.client('alice');

  await expect(server).toAccept(identityFromPem({ key: keyPem, cert: chainPem, ca: anchors }));
  await expect(server).toReject(identityFromPem({ key: keyPem, cert: certificatePem, ca: anchors }), {
    reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    alert: 'unknown_ca',
  });
});

test('the number of handshakes: none before a call, and one for two requests over a connection that is kept', async ({ pki }) => {
  await using server = await startHttpsServer((_request, response) => response.end('ok'), { pki });
  const agent = new https.Agent({ ...pki.client('alice').tls, keepAlive: true });
  expect(server.handshakes).toHaveLength(0);

  await axios.get(server.url, { httpsAgent: agent });
  await axios.get(server.url, { httpsAgent: agent });

  expect(server.handshakes).toHaveLength(1);
  agent.destroy();
});

test('the handshake of one client among several', async ({ pki, server }) => {
  await Promise.all(['alice', 'bob', 'carol'].map(async (name) => attemptHandshake(server, { identity: pki.client(name) })));

  const handshake = server.handshakes.find(({ clientCertificate }) => clientCertificate?.commonName === 'bob');

  expect(handshake).toBeAccepted();
});

test('the reason, for a client library that knows only the alert', async ({ pki }) => {
  await using server = await startHttpsServer((_request, response) => response.end('ok'), { pki });
  const httpsAgent = new https.Agent(pki.client('old', { notAfter: new Date(0) }).tls);

  await expect(axios.get(server.url, { httpsAgent })).toFailHandshake({ by: 'server', alert: 'certificate_expired' });
  expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED' });
});

test('two services that call each other have an identity each, for both roles', async () => {
  const pki = createPki();
  const [orders, stock] = ['orders', 'stock'].map((name) => pki.issuer.issue({ commonName: name, dns: ['localhost', `${name}.test`] }));
  await using server = await startTlsServer({ identity: stock ?? pki.server() });

  const handshake = await attemptHandshake(server, { identity: orders, servername: 'stock.test' });

  expect(handshake).toBeAccepted();
  expect(handshake).toHaveClientCertificate({ commonName: 'orders' });
  expect(handshake).toHaveServerCertificate({ commonName: 'stock' });
});

test('the client in a handler', async ({ pki }) => {
  await using server = await startHttpsServer(
    (request, response) => response.end((request.socket as TLSSocket).getPeerX509Certificate()?.subject), // of an HTTPS server
    { pki },
  );

  const { data } = await axios.get<string>(server.url, { httpsAgent: new https.Agent(pki.client('alice').tls) });

  expect(data).toBe('CN=alice');
});

test('a program of Node that takes its CA from the environment', async () => {
  const pki = createPki();
  using files = writeFiles(pki);
  await using server = await startHttpsServer((_request, response) => response.end('ok'), { pki, clientAuth: 'none' });
  const script = 'fetch(process.argv[1]).then((r) => r.text()).then(console.log, (e) => console.log(e.cause.code))';
  const runWith = async (env: NodeJS.ProcessEnv): Promise<string> => {
    const own = { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: undefined };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, server.url], { env: { ...own, ...env } });
    return stdout.trim();
  };

  expect(await runWith({})).toBe('UNABLE_TO_GET_ISSUER_CERT_LOCALLY');
  expect(await runWith({ NODE_EXTRA_CA_CERTS: files.ca })).toBe('ok');
});

test('a PKI for a week', () => {
  const week = 7 * 86_400_000;
  const pki = createPki({ validFor: week });

  const { validToDate } = pki.client('alice').certificate;

  expect(validToDate.getTime()).toBeGreaterThan(Date.now() + week - 3_600_000);
});
