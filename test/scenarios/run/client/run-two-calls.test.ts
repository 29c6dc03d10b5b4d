import http2 from 'node:http2';
import https from 'node:https';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { createPki, startTlsServer } from '../../../../src/index.ts';
import { runScenario } from '../../../../src/scenarios/run/run-scenario.ts';
import type { ClientCall, PeerToCall } from '../../../../src/scenarios/run/target.ts';
import { byHttps } from '../../protocol/clients.ts';
import { onClient } from '../../protocol/scenario.ts';

const pki = createPki({ name: 'two calls' });
const versions = ['TLSv1.3', 'TLSv1.2'] as const;
const swap = onClient('client-swaps-certificate-on-one-agent');
const reload = onClient('client-certificate-reloaded');
const otherName = onClient('client-reuses-session-for-other-name');
const otherTrust = onClient('client-reuses-session-after-trust-change');
const serverAuth = onClient('client-holds-serverauth-only');

/** Does in the second call something else than in the first, which is as it should be. */
function secondly(second: ClientCall, first: ClientCall = byHttps()): ClientCall {
  return (peer) => (peer.call === 1 ? first(peer) : second(peer));
}

/** Requests over one agent, made in the first call. */
function withFirstAgent(options: https.AgentOptions): ClientCall {
  let agent = new https.Agent();
  return (peer) => {
    if (peer.call === 1) agent = new https.Agent({ ...peer.tls, ...options });
    return byHttps({ agent, key: undefined, cert: undefined, ca: undefined })(peer);
  };
}

test('a client is called twice at one server, with another certificate in the second call', async () => {
  const peers: PeerToCall[] = [];
  const target: ClientCall = (peer) => {
    peers.push(peer);
    return byHttps()(peer);
  };

  const result = await runScenario(swap, { pki, target, controlled: true });

  expect(result.status).toBe('as-expected');
  expect(peers.map(({ call }) => call)).toEqual([1, 2]);
  expect(new Set(peers.map(({ url }) => url)).size).toBe(1);
  expect(new Set(peers.map(({ tls: { ca } }) => ca)).size).toBe(1);
  expect(new Set(peers.map(({ tls: { cert } }) => cert)).size).toBe(2);
});

test.for([otherName, otherTrust])('in $id nothing but that differs in the second call', async (scenario) => {
  const peers: PeerToCall[] = [];
  const target: ClientCall = (peer) => {
    peers.push(peer);
    return byHttps()(peer);
  };

  const result = await runScenario(scenario, { pki, target, controlled: true });
  const [first, second] = peers;

  expect(result.status).toBe('as-expected');
  expect(second?.port).toBe(first?.port);
  expect(second?.tls.cert).toBe(first?.tls.cert);
  expect([second?.host === first?.host, second?.tls.ca === first?.tls.ca]).toEqual(scenario === otherName ? [false, true] : [true, false]);
});

test('a client that fails in its first call is not judged by its second', async () => {
  const target: ClientCall = (peer) => (peer.call === 1 ? Promise.reject(new Error('not ready')) : byHttps()(peer));

  const result = await runScenario(swap, { pki, target, controlled: true });

  expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('the first of two calls failed') });
});

test('a client that presents no certificate in its first call is not judged by its second', async () => {
  const result = await runScenario(serverAuth, { pki, target: byHttps({ key: undefined, cert: undefined }), controlled: true });

  expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('presented no certificate') });
});

test.for(versions)('a request over a connection of the first call is flagged (%s)', async (version) => {
  const results = await Promise.all(
    [swap, otherTrust, serverAuth].map((scenario) => runScenario(scenario, { pki, version, target: withFirstAgent({ keepAlive: true }) })),
  );

  for (const result of results)
    expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('over a connection of its first') });
});

test('what a user expects of a client that keeps its connection is no longer flagged', async () => {
  const target = withFirstAgent({ keepAlive: true });

  const kept = await runScenario(otherTrust, { pki, target, expected: { verdict: 'accepted' } });
  const verified = await runScenario(otherTrust, { pki, target: byHttps(), expected: { verdict: 'accepted' } });

  expect(kept).toMatchObject({ status: 'as-expected', message: expect.stringContaining('over a connection of its first, as expected') });
  expect(verified.status).toBe('unexpected');
});

test.for(versions)('a session of the first call is flagged (%s)', async (version) => {
  const results = await Promise.all(
    [swap, otherTrust, serverAuth].map((scenario) => runScenario(scenario, { pki, version, target: withFirstAgent({ keepAlive: false }) })),
  );

  for (const result of results)
    expect(result).toMatchObject({
      status: 'unexpected',
      message: expect.stringContaining('the second call resumed a session of the first'),
      handshake: { resumed: true },
    });
});

test.for(versions)('the certificate of the first call on a new connection is flagged (%s)', async (version) => {
  const results = await Promise.all(
    [swap, reload].map((scenario) =>
      runScenario(scenario, { pki, version, target: withFirstAgent({ keepAlive: true, maxCachedSessions: 0, maxSockets: 1, timeout: 1 }) }),
    ),
  );

  expect(results[1]).toMatchObject({
    status: 'unexpected',
    message: expect.stringContaining('presented the certificate of its first call, "CN=client"'),
    handshake: { verdict: 'accepted', resumed: false },
  });
  expect(results[0]?.status).toBe('unexpected');
});

test.for(versions)(
  'a stream over the HTTP/2 session of the first call is flagged, and a session that has ended is not used again (%s)',
  async (version) => {
    const sessions = new Map<number, http2.ClientHttp2Session>();
    const target: ClientCall = ({ url, port, tls: material }) => {
      const kept = sessions.get(port);
      const session = kept && !kept.closed && !kept.destroyed ? kept : http2.connect(url, material);
      sessions.set(port, session);
      return new Promise((resolve, reject) => {
        session.on('error', reject);
        session.request().on('error', reject).on('end', resolve).resume();
      });
    };

    const swapped = await runScenario(swap, { pki, version, target });
    const reloaded = await runScenario(reload, { pki, version, target });

    expect(swapped).toMatchObject({ status: 'unexpected', message: expect.stringContaining('over a connection of its first') });
    expect(reloaded, reloaded.message).toMatchObject({ status: 'as-expected' });
  },
);

test.for(versions)('a client of another protocol that keeps its connection is flagged by the missing handshake (%s)', async (version) => {
  let socket: tls.TLSSocket | undefined;
  const target: ClientCall = ({ host, port, tls: material, call }) =>
    new Promise((resolve, reject) => {
      if (call === 1 || !socket) socket = tls.connect({ host, port, ...material });
      socket.once('error', reject).once('data', resolve).write('hello');
    });

  const results = [];
  for (const scenario of [swap, otherName, otherTrust, serverAuth])
    results.push(await runScenario(scenario, { pki, version, target, startPeer: startTlsServer, controlled: true }));

  for (const result of results)
    expect(result).toMatchObject({
      status: 'unexpected',
      message: expect.stringContaining('the second call succeeded without a handshake, over a connection of the first'),
    });
});

test('a client that leaves out its certificate is flagged, whether the server insists on one or not', async () => {
  const target = secondly(byHttps({ key: undefined, cert: undefined }));

  const required = await runScenario(swap, { pki, target });
  const requested = await runScenario(serverAuth, { pki, target });

  expect(required).toMatchObject({ status: 'unexpected', message: expect.stringContaining('no certificate in its second call') });
  expect(requested).toMatchObject({ status: 'unexpected', message: expect.stringContaining('and did not say so') });
});

test('a client that reports its certificate for servers is right, and one whose code fails is not judged', async () => {
  const reports = await runScenario(serverAuth, { pki, target: secondly(() => Promise.reject(new Error('not for clients'))) });
  const fails = await runScenario(serverAuth, { pki, target: secondly(() => Promise.reject(new TypeError('x is not a function'))) });

  expect(reports).toMatchObject({ status: 'as-expected', message: expect.stringContaining('not for clients') });
  expect(fails).toMatchObject({ status: 'not-judged', message: expect.stringContaining('the code itself failed') });
});

test.for([swap, otherTrust, serverAuth])('a client that hangs in its second call is flagged by $id', async (scenario) => {
  const target = secondly(() => new Promise(() => {}));

  const result = await runScenario(scenario, { pki, target, controlled: true, timeout: 500 });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('did not end within the time limit') });
});

test('a client that makes no connection for its second call has shown nothing, and is skipped where it was to refuse', async () => {
  const target = secondly(() => Promise.reject(new Error('this client takes no address')));

  const refuses = await runScenario(otherName, { pki, target });
  const accepts = await runScenario(swap, { pki, target });

  expect(refuses).toMatchObject({ status: 'not-judged', unsuitable: true });
  expect(accepts.status).toBe('not-judged');
  expect(accepts).not.toHaveProperty('unsuitable');
});

test('a client that refuses the second server for another reason is flagged', async () => {
  const result = await runScenario(otherTrust, {
    pki,
    target: secondly(byHttps({ ca: pki.anchors, checkServerIdentity: () => mismatch })),
  });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('for another reason') });
});

test('the second call of a client that authorizes its server is at that server', async () => {
  const authorizes = { spiffeId: 'spiffe://example.test/workload' };
  const target = byHttps({
    checkServerIdentity: (host, certificate) =>
      tls.checkServerIdentity(host, certificate) ??
      (certificate.subjectaltname?.includes(`URI:${authorizes.spiffeId}`) === true ? undefined : new Error('another workload')),
  });

  const results = await Promise.all([swap, reload, otherName, otherTrust].map((each) => runScenario(each, { pki, target, authorizes })));

  expect(results.map(({ status }) => status)).toEqual(['as-expected', 'as-expected', 'as-expected', 'as-expected']);
});

const mismatch = Object.assign(new Error('another name'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
