import { constants } from 'node:crypto';
import http2 from 'node:http2';
import net from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { createPki, startTlsServer } from '../../../../src/index.ts';
import { runScenario } from '../../../../src/scenarios/run/run-scenario.ts';
import type { ClientCall } from '../../../../src/scenarios/run/target.ts';
import { byFetch, byHttps, byTls } from '../../protocol/clients.ts';
import { onClient } from '../../protocol/scenario.ts';

const pki = createPki({ name: 'renegotiation' });
const scenario = onClient('server-renegotiates-other-certificate');
const version = 'TLSv1.2';

test.for([
  ['node:https', byHttps()],
  ["undici's fetch", byFetch()],
  ['node:tls', byTls()],
] as const)('%s verifies the server again, and refuses it', async ([, target]) => {
  const result = await runScenario(scenario, { pki, version, target });

  expect(result, result.message).toMatchObject({
    status: 'as-expected',
    message: expect.stringMatching(/refused the server after the renegotiation, as expected: .*ERR_TLS_CERT_ALTNAME_INVALID/u),
  });
});

test('a client that verifies the first certificate of a connection alone is flagged', async () => {
  const target = (): ReturnType<ClientCall> => Promise.resolve();
  const once: ClientCall = (peer) => {
    let isVerified = false;
    return byHttps({
      checkServerIdentity: (host, certificate) => {
        const error = isVerified ? undefined : tls.checkServerIdentity(host, certificate);
        isVerified = true;
        return error;
      },
    })(peer);
  };

  const flagged = await runScenario(scenario, { pki, version, target: once });
  const absent = await runScenario(scenario, { pki, version, target, controlled: true });

  expect(flagged).toMatchObject({ status: 'unexpected', message: expect.stringContaining('had become another host') });
  expect(absent).toMatchObject({ status: 'not-judged', message: expect.stringContaining('sent no request') });
});

test('a client that does not renegotiate is right', async () => {
  const target = byHttps({ secureOptions: constants.SSL_OP_NO_RENEGOTIATION });

  const result = await runScenario(scenario, { pki, version, target });

  expect(result, result.message).toMatchObject({ status: 'as-expected', message: expect.stringContaining('refused the renegotiation') });
});

test('a client that refuses for another reason is flagged', async () => {
  const other = Object.assign(new Error('expired'), { code: 'CERT_HAS_EXPIRED' });
  const target: ClientCall = (peer) =>
    byHttps({ checkServerIdentity: (host, certificate) => tls.checkServerIdentity(host, certificate) && other })(peer);

  const result = await runScenario(scenario, { pki, version, target });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('for another reason, CERT_HAS_EXPIRED') });
});

test('a client that ignores that it is to renegotiate sees one certificate, and is skipped', async () => {
  const target: ClientCall = (peer) => (peer.call === 1 ? byHttps()(peer) : sendsOnly(peer));

  const result = await runScenario(scenario, { pki, version, target });

  expect(result).toMatchObject({ status: 'not-judged', unsuitable: true, message: expect.stringContaining('ignores') });
});

test('a client of HTTP/2 alone, and one of another protocol, are skipped', async () => {
  const byHttp2: ClientCall = ({ url, tls: material }) =>
    new Promise((resolve, reject) => {
      const session = http2.connect(url, material);
      session.on('error', reject);
      session.request().on('error', reject).on('end', resolve).resume();
    });

  const results = await Promise.all([
    runScenario(scenario, { pki, version, target: byHttp2 }),
    runScenario(scenario, { pki, version, target: byTls(), startPeer: startTlsServer, controlled: true }),
  ]);

  for (const result of results) expect(result).toMatchObject({ status: 'not-judged', unsuitable: true });
});

test('a client that hangs is flagged, and so is one that swallows the error', async () => {
  const strict = byHttps({ secureOptions: constants.SSL_OP_NO_RENEGOTIATION });
  const swallows: ClientCall = (peer) => strict(peer).catch(() => undefined);
  const hangs: ClientCall = (peer) => (peer.call === 1 ? strict(peer) : new Promise(() => {}));

  const swallowed = await runScenario(scenario, { pki, version, target: swallows });
  const hung = await runScenario(scenario, { pki, version, target: hangs, controlled: true, timeout: 500 });

  expect(swallowed).toMatchObject({ status: 'unexpected', message: expect.stringContaining('swallows the error') });
  expect(hung).toMatchObject({ status: 'unexpected', message: expect.stringContaining('did not end') });
});

/** Sends a request, reads nothing more, and gives up later than the server. */
const sendsOnly: ClientCall = ({ host, port, tls: material }) =>
  new Promise((_resolve, reject) => {
    const raw = net.connect({ host, port });
    const wire = new Duplex({ read: () => {}, write: (chunk: Buffer, _encoding, done) => void raw.write(chunk, done) });
    const hear = (chunk: Buffer): void => void wire.push(chunk);
    raw.on('data', hear);
    const socket = tls.connect({ socket: wire, servername: host, ...material, ALPNProtocols: ['http/1.1'] }, () => {
      raw.off('data', hear);
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    });
    socket.on('error', reject);
    raw.on('close', () => reject(new Error('closed')));
  });
