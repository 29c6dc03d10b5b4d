import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { createPki, startHttpsServer, startTlsServer } from '../../../src/index.ts';
import { runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import type { ClientCall, PeerToCall } from '../../../src/scenarios/run/target.ts';
import { serverScenario } from '../scenario.ts';

const pki = createPki({ name: 'call' });
const expired = serverScenario('expired-leaf');
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

test.for(versions)('a client that refuses the bad server does what is expected (%s)', async (version) => {
  const result = await runScenario(expired, { pki, target: get(), version });

  expect(result).toMatchObject({ id: 'expired-leaf', status: 'as-expected', expected: { verdict: 'rejected', by: 'client' } });
  expect(result.message).toContain('CERT_HAS_EXPIRED');
});

test.for(versions)('a client that trusts the bad server is flagged (%s)', async (version) => {
  const result = await runScenario(expired, { pki, target: get({ rejectUnauthorized: false }), version });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('the call succeeded') });
  expect(result.handshake).toMatchObject({ verdict: 'accepted', evidence: 'application-data' });
});

test('a client that refuses every server is not judged', async () => {
  const result = await runScenario(expired, { pki, target: get({ ca: createPki().anchors }) });

  expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('the valid server was refused') });
});

test('a client that does not come to an end is flagged', async () => {
  const result = await runScenario(expired, {
    pki,
    target: (peer) => get()(peer).catch(() => new Promise(() => {})),
    controlled: true,
    timeout: 300,
  });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('did not end within the time limit') });
});

const fullwidth = '\uFF11\uFF12\uFF17.\uFF10.\uFF10.\uFF11';

test('a client that reads a URL refuses an address as a dNSName, however the address is spelled', async () => {
  const hosts: string[] = [];
  const result = await runScenario(serverScenario('ip-host-fullwidth-digits'), {
    pki,
    target: (peer) => {
      hosts.push(peer.host, peer.url.replace(/:\d+\//u, ''));
      return get()(peer);
    },
  });

  expect(result).toMatchObject({ status: 'as-expected', message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') });
  expect(hosts).toEqual([fullwidth, `https://${fullwidth}`, fullwidth, `https://${fullwidth}`]); // the control, and the scenario
});

test('a client that takes a spelled address for a host name is flagged', async () => {
  const asHostName = get({
    checkServerIdentity: (_host, { subjectaltname }) =>
      subjectaltname?.includes('DNS:127.0.0.1') === true ? undefined : new Error('another host'),
  });

  const result = await runScenario(serverScenario('ip-host-leading-zero'), { pki, target: asHostName });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('the call succeeded') });
});

test.for(['ip-host-leading-zero', 'wildcard-unicode-dot'])(
  'a client that does not take the spelling of %s is not judged, and skipped',
  async (id) => {
    const ascii: ClientCall = (peer) =>
      /^[a-z.]+$/u.test(peer.tls.servername ?? peer.host) ? get()(peer) : Promise.reject(new Error('an odd name of a host'));

    const result = await runScenario(serverScenario(id), { pki, target: ascii });

    expect(result).toMatchObject({
      status: 'not-judged',
      unsuitable: true,
      message: expect.stringContaining('the client does not take "'),
    });
  },
);

test.for([
  ['fails before it connects', () => Promise.reject(new Error('not configured')), 'not-judged', 'no handshake reached the server'],
  ['answers from a cache', () => Promise.resolve('ok'), 'unexpected', 'not by this server'],
] as const)('a client that %s has not reached the server', async ([, target, status, words]) => {
  const result = await runScenario(expired, { pki, target, controlled: true });

  expect(result).toMatchObject({ status, message: expect.stringContaining(words) });
});

test('a client that calls another server is flagged', async () => {
  await using other = await startHttpsServer((_request, response) => response.end(), { identity: pki.server(), clientAuth: 'none' });

  const result = await runScenario(expired, {
    pki,
    target: (peer) => get()({ ...peer, url: other.url, port: other.port }),
    controlled: true,
  });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('not by this server') });
});

test('a client that swallows its error is flagged', async () => {
  const result = await runScenario(expired, { pki, target: (peer) => get()(peer).catch(() => undefined) });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('the call succeeded') });
});

test('a client that tries again without checking is flagged', async () => {
  const result = await runScenario(expired, {
    pki,
    target: (peer) => get()(peer).catch(() => get({ rejectUnauthorized: false })(peer)),
  });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('the call succeeded') });
});

test('a client that tries again in plaintext is flagged, although that fails too', async () => {
  const result = await runScenario(expired, { pki, target: (peer) => get()(peer).catch(() => getInPlaintext(peer)) });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('in plaintext') });
});

test.for(versions)('a client that sends its request before it looks is flagged (%s)', async (version) => {
  const result = await runScenario(expired, { pki, target: sendThenCheck, version });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('sent application data') });
});

test('a client that refuses for another reason is flagged', async () => {
  const result = await runScenario(
    { ...expired, arrange: (own) => ({ ...expired.control(own), identity: createPki().server() }) },
    {
      pki,
      target: get(),
    },
  );

  expect(result).toMatchObject({
    status: 'unexpected',
    message: expect.stringContaining('for another reason, UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
  });
});

test.for(versions)('the server that is called may speak another protocol (%s)', async (version) => {
  const call: ClientCall = ({ host, port, tls: material }) =>
    new Promise((resolve, reject) => {
      const socket = tls.connect({ host, port, ...material }, () => socket.write('ping'));
      socket.on('data', (data) => {
        socket.destroy();
        resolve(data.toString());
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('closed')));
    });

  const result = await runScenario(expired, { pki, target: call, version, startPeer: startTlsServer });

  expect(result).toMatchObject({ status: 'as-expected', handshake: { verdict: 'rejected', rejectedBy: 'client' } });
});

test('a target that is not a function is refused before anything opens', async () => {
  await expect(runScenario(expired, { pki, target: { host: 'localhost', port: 1 } as unknown as ClientCall })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    facts: { option: 'target' },
  });
});

function get(extra: https.RequestOptions = {}): ClientCall {
  return ({ url, tls: material }) =>
    new Promise((resolve, reject) => {
      const request = https.get(url, { agent: false, ...material, ...extra }, (response) => {
        response.resume();
        response.on('end', resolve);
      });
      request.on('error', reject);
    });
}

function getInPlaintext({ port }: PeerToCall): Promise<unknown> {
  return new Promise((resolve, reject) => {
    http.get({ host: 'localhost', port, agent: false }, resolve).on('error', reject);
  });
}

/** Connects without verification, writes, and only then looks at `authorized`. */
function sendThenCheck({ host, port, tls: material }: PeerToCall): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host, port, ...material, rejectUnauthorized: false }, () => {
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    });
    socket.on('data', () => {
      socket.destroy();
      if (socket.authorized) resolve('ok');
      else reject(socket.authorizationError);
    });
    socket.on('error', reject);
  });
}
