import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { expect, test } from 'vitest';
import { createPki, startTlsServer } from '../../../src/index.ts';
import { runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import type { ClientCall, PeerToCall } from '../../../src/scenarios/run/target.ts';
import { encodeClientHello } from '../../../src/wire/hello/encode-client-hello.ts';
import { byFetch, byHttps, byTls } from './clients.ts';
import { onClient } from './scenario.ts';

const pki = createPki({ name: 'broken clients' });

test.for(['retry-in-plaintext', 'server-plaintext', 'alert-at-client-hello-unknown-ca'])(
  'a client that tries again in plaintext is flagged by %s',
  async (id) => {
    const call: ClientCall = (peer) => byHttps()(peer).catch(() => getInTheClear(peer));

    const result = await runScenario(onClient(id), { pki, target: call });

    expect(result).toMatchObject({ id, status: 'unexpected', message: expect.stringContaining('it falls back when TLS fails') });
  },
);

test('a client that tries the clear and hides it is flagged too', async () => {
  const call: ClientCall = (peer) =>
    byHttps()(peer).catch(async (error: unknown) => {
      await getInTheClear(peer).catch(() => undefined);
      throw error;
    });

  const result = await runScenario(onClient('retry-in-plaintext'), { pki, target: call });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('sent plaintext') });
});

test.for(['server-stalls', 'server-half-hello', 'server-hello-then-silence'])(
  'a client that waits forever is flagged by %s',
  async (id) => {
    const result = await runScenario(onClient(id), { pki, target: byHttps({ timeout: 20_000 }), timeout: 300, controlled: true });

    expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('did not end within the time limit') });
  },
);

test('a client that takes what came for everything is flagged', async () => {
  const result = await runScenario(onClient('server-truncates-response'), { pki, target: takesWhatCame });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('but the call succeeded') });
});

test('a client that swallows its errors is flagged', async () => {
  const result = await runScenario(onClient('server-garbage'), { pki, target: (peer) => byFetch()(peer).catch(() => undefined) });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('but the call succeeded') });
});

test('a client that does not look for the downgrade marker is flagged, although it fails in the end', async () => {
  const call: ClientCall = (peer) => (peer.port === marked ? waitFor(peer, 200) : byHttps()(peer));
  let marked = 0;
  const target: ClientCall = (peer) => {
    marked = peer.port;
    return call(peer);
  };

  const result = await runScenario(onClient('downgrade-to-tls12-marker'), { pki, target, controlled: true });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('did not notice') });
});

test('a client that offers TLS 1.3 only cannot be shown the downgrade marker', async () => {
  const result = await runScenario(onClient('downgrade-to-tls12-marker'), { pki, target: byHttps({ minVersion: 'TLSv1.3' }) });

  expect(result).toMatchObject({ status: 'not-judged', unsuitable: true });
});

test('a client that names another alert than the one that came is flagged', async () => {
  const call: ClientCall = (peer) =>
    byHttps()(peer).catch(() => {
      throw new Error('tlsv1 alert unknown ca:SSL alert number 48');
    });

  const result = await runScenario(onClient('alert-at-client-hello-certificate-expired'), { pki, target: call });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('the error names the alert unknown_ca') });
});

test('a client that presents no certificate is flagged by the server that insists on one', async () => {
  const result = await runScenario(onClient('presents-its-certificate'), {
    pki,
    target: ({ tls, ...peer }) => byHttps({ key: undefined, cert: undefined })({ ...peer, tls }),
  });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('presented no certificate') });
});

test('a client that presents the certificate of another peer is flagged', async () => {
  const { key, cert } = createPki().client('mallory').tls;

  const result = await runScenario(onClient('certificate-request-ca-names'), { pki, target: byHttps({ key, cert }) });

  expect(result).toMatchObject({
    status: 'unexpected',
    message: expect.stringContaining('presented "CN=mallory", which is not the certificate'),
  });
});

test.for(['TLSv1.3', 'TLSv1.2'] as const)('what a client shows to a server that it refuses is told (%s)', async (version) => {
  const scenario = onClient('certificate-sent-to-untrusted-server');

  const strict = await runScenario(scenario, { pki, target: byTls(), version });
  const lenient = await runScenario(scenario, { pki, target: byTls({ rejectUnauthorized: false }), version });

  // In TLS 1.2 Node.js looks at the server's certificate after it has sent its own (measured on 26.10).
  const seen =
    version === 'TLSv1.2' ? ['unexpected', 'presented "CN=client" to it all the same'] : ['as-expected', 'did not present its certificate'];
  expect(strict).toMatchObject({ status: seen[0], message: expect.stringContaining(seen[1] ?? '') });
  expect(lenient).toMatchObject({ status: 'unexpected', message: expect.stringContaining('the client trusted the server') });
});

test('a client of another protocol is not made to read HTTP', async () => {
  const target: ClientCall = (peer) => byTls()(peer);

  const result = await runScenario(onClient('server-truncates-response'), { pki, target, controlled: true, startPeer: startTlsServer });

  expect(result).toMatchObject({ status: 'not-judged', unsuitable: true });
});

function getInTheClear({ port }: PeerToCall): Promise<unknown> {
  return new Promise((resolve, reject) => {
    http.get({ host: 'localhost', port, agent: false }, resolve).on('error', reject);
  });
}

function takesWhatCame({ url, tls }: PeerToCall): Promise<unknown> {
  return new Promise((resolve, reject) => {
    https
      .get(url, { agent: false, ...tls }, (response) =>
        response
          .resume()
          .on('error', () => {})
          .on('close', resolve),
      )
      .on('error', reject);
  });
}

/** Sends a ClientHello, takes whatever comes, and gives up after a time. */
function waitFor({ host, port }: PeerToCall, milliseconds: number): Promise<unknown> {
  return new Promise((_resolve, reject) => {
    const socket = net.connect({ host, port, timeout: milliseconds }, () =>
      socket.write(encodeClientHello({ servername: host, versions: ['TLSv1.2', 'TLSv1.3'] })),
    );
    socket.resume();
    socket.on('error', reject);
    socket.on('timeout', () => {
      socket.destroy();
      reject(Object.assign(new Error('nothing came'), { code: 'ETIMEDOUT' }));
    });
  });
}
