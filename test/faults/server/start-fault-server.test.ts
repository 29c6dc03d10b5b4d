import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { FaultServerOptions } from '../../../src/faults/server/fault-server-options.ts';
import type { ServerFault } from '../../../src/faults/server/server-fault.ts';
import { startFaultServer } from '../../../src/faults/server/start-fault-server.ts';
import { selfSignedIdentity } from '../../../src/index.ts';
import { Identity } from '../../../src/pki/identity.ts';
import { callWithNode, only, pki, serverIdentity, versions } from '../node-peers.ts';

/** Codes that differ between OpenSSL 3.0 (Node 22) and 3.5 are given as patterns. */
const endedAtOnce: readonly (readonly [ServerFault, RegExp, string?])[] = [
  [{ kind: 'close-on-connect' }, /^ECONNRESET$/u],
  [{ kind: 'reset-on-connect' }, /^ECONNRESET$/u],
  [{ kind: 'close-after-client-hello' }, /^ECONNRESET$/u],
  [{ kind: 'reset-after-client-hello' }, /^ECONNRESET$/u],
  [{ kind: 'truncated-server-hello' }, /^ECONNRESET$/u],
  [{ kind: 'garbage' }, /^ERR_SSL_WRONG_VERSION_NUMBER$/u],
  [{ kind: 'plaintext-http' }, /^ERR_SSL_WRONG_VERSION_NUMBER$/u],
  [{ kind: 'banner', text: '220 mail.test ESMTP\r\n' }, /^ERR_SSL_WRONG_VERSION_NUMBER$/u],
  [{ kind: 'alert', alert: 'handshake_failure' }, /^ERR_SSL_SSL.*_ALERT_HANDSHAKE_FAILURE$/u],
  [{ kind: 'alert', alert: 'unrecognized_name', level: 'warning' }, /^ECONNRESET$/u],
  [{ kind: 'warning-alert-flood', count: 32 }, /^ERR_SSL_TOO_MANY_WARN_ALERTS$/u, 'unexpected_message'],
  [{ kind: 'oversized-record' }, /^ERR_SSL_(?:DATA|PACKET)_LENGTH_TOO_LONG$/u, 'record_overflow'],
  [{ kind: 'wrong-finished' }, /^ERR_SSL_DIGEST_CHECK_FAILED$/u, 'decrypt_error'],
  [{ kind: 'wrong-certificate-verify' }, /^ERR_SSL_(?:BAD|PROVIDER)_SIGNATURE/u, 'decrypt_error'],
];

describe.for(versions)('a client of node:tls over %s', (version) => {
  test.for(endedAtOnce)('that meets %o fails at once', async ([fault, error, alert]) => {
    await using server = await startFaultServer(fault, { identity: serverIdentity, timeout: 60_000 });

    const story = await callWithNode(server, only(version));
    await server.connectionsEnded();

    expect(story).toMatchObject({ isSecured: false, error: expect.stringMatching(error), data: '' });
    expect(story.durationMs).toBeLessThan(2000);
    expect(server).toMatchObject({ connections: 1, faultsShown: 1, plaintextConnections: 0 });
    expect(server.alerts.map(({ name, sentBy }) => [name, sentBy])).toEqual(alert === undefined ? [] : [[alert, 'client']]);
  });

  test.for([{ kind: 'stall' }, { kind: 'half-server-hello' }, { kind: 'server-hello-then-silence' }] as const)(
    'that meets %o is left waiting until the bound',
    async (fault) => {
      await using server = await startFaultServer(fault, { timeout: 200 });

      const story = await callWithNode(server, only(version));

      expect(story).toMatchObject({ isSecured: false, error: 'ECONNRESET', data: '' });
      expect(story.durationMs).toBeGreaterThan(190);
      expect(server).toMatchObject({ connections: 1, clientHellos: 1, faultsShown: 1, alerts: [] });
    },
  );

  test('that meets no fault but slowness is served', async () => {
    await using server = await startFaultServer({ kind: 'one-byte-at-a-time' }, { identity: serverIdentity });

    const story = await callWithNode(server, only(version));

    expect(story).toMatchObject({ isSecured: true, hasEnded: true, data: expect.stringMatching(/^HTTP\/1\.1 200 OK\r\n[^]*whole$/u) });
    expect(story.error).toBeUndefined();
    expect(server).toMatchObject({ faultsShown: 1, completedHandshakes: 1, alerts: [] });
  });

  test('does not notice that a close_notify is missing', async () => {
    await using server = await startFaultServer({ kind: 'close-without-close-notify' }, { identity: serverIdentity });

    const story = await callWithNode(server, only(version));

    expect(story).toMatchObject({ isSecured: true, hasEnded: true, data: expect.stringMatching(/\r\n\r\nthis body is cut o$/u) });
    expect(story.error).toBeUndefined();
    expect(server).toMatchObject({ faultsShown: 1, completedHandshakes: 1 });
  });
});

describe('a ServerHello', () => {
  test('of TLS 1.3 gives the client its handshake keys', async () => {
    await using server = await startFaultServer({ kind: 'server-hello-then-silence' }, { timeout: 100 });

    const { secrets } = await callWithNode(server);

    expect(secrets).toContain('SERVER_HANDSHAKE_TRAFFIC_SECRET');
  });

  test.for(['X25519', 'P-256', 'P-384', 'P-521'])('of TLS 1.3 answers a key share of %s', async (ecdhCurve) => {
    await using server = await startFaultServer({ kind: 'server-hello-then-silence' }, { timeout: 100 });

    const { secrets } = await callWithNode(server, { ecdhCurve });

    expect(secrets).toContain('SERVER_HANDSHAKE_TRAFFIC_SECRET');
  });

  test('that is cut in half gives none', async () => {
    await using server = await startFaultServer({ kind: 'half-server-hello' }, { timeout: 100 });

    const { secrets } = await callWithNode(server);

    expect(secrets).toEqual([]);
  });
});

describe('a Certificate message', () => {
  test.for(versions)('of 200 kB is too large for OpenSSL, whose limit is 100 kB, where %s is the highest version', async (maxVersion) => {
    await using server = await startFaultServer({ kind: 'oversized-certificate', bytes: 200_000 });

    const story = await callWithNode(server, { maxVersion });
    await server.connectionsEnded();

    expect(story.error).toBe('ERR_SSL_EXCESSIVE_MESSAGE_SIZE');
    expect(server).toMatchObject({ faultsShown: 1, alerts: [{ name: 'illegal_parameter' }] });
  });

  test('of 90 kB is read, and found to be no certificate', async () => {
    await using server = await startFaultServer({ kind: 'oversized-certificate', bytes: 90_000 });

    const story = await callWithNode(server);
    await server.connectionsEnded();

    expect(story.error).toMatch(/^ERR_SSL_(?:WRONG_TAG|ASN1_LIB)/u);
    expect(server.alerts).toMatchObject([{ name: 'bad_certificate' }]);
  });

  test('of TLS 1.2 is not shown to a client of TLS 1.3 alone', async () => {
    await using server = await startFaultServer({ kind: 'oversized-certificate', bytes: 200_000 });

    const story = await callWithNode(server, { minVersion: 'TLSv1.3' });
    await server.connectionsEnded();

    expect(story.error).toBe('ERR_SSL_UNSUPPORTED_PROTOCOL');
    expect(server).toMatchObject({ clientHellos: 1, faultsShown: 0 });
  });
});

describe('the downgrade marker', () => {
  test('is refused by a client that offers both versions', async () => {
    await using server = await startFaultServer({ kind: 'downgrade-marker' });

    const story = await callWithNode(server);
    await server.connectionsEnded();

    expect(story.error).toBe('ERR_SSL_INAPPROPRIATE_FALLBACK');
    expect(server).toMatchObject({ faultsShown: 1, alerts: [{ name: 'illegal_parameter', code: 47 }] });
  });

  test('says nothing to a client of TLS 1.2 alone', async () => {
    await using server = await startFaultServer({ kind: 'downgrade-marker' }, { timeout: 200 });

    const story = await callWithNode(server, { maxVersion: 'TLSv1.2' });

    expect(story).toMatchObject({ error: 'ECONNRESET' });
    expect(story.durationMs).toBeGreaterThan(190);
    expect(server).toMatchObject({ clientHellos: 1, faultsShown: 0, alerts: [] });
  });
});

describe('misuse', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const unreadable = new Identity({ certificate: Uint8Array.of(1, 2, 3), key: privateKey, chain: [], anchors: pki.anchors });
  const bad: readonly (readonly [string, unknown, FaultServerOptions | Record<string, unknown>])[] = [
    ['fault', { kind: 'no-such-fault' }, {}],
    ['fault', { kind: 'constructor' }, {}],
    ['fault', null, {}],
    ['fault stall', { kind: 'stall', after: 3 }, {}],
    ['alert', { kind: 'alert', alert: 'no_such_alert' }, {}],
    ['alert', { kind: 'alert', alert: 'toString' }, {}],
    ['level', { kind: 'alert', alert: 'unknown_ca', level: 'mild' }, {}],
    ['text', { kind: 'banner', text: '' }, {}],
    ['count', { kind: 'warning-alert-flood', count: 0 }, {}],
    ['bytes', { kind: 'oversized-certificate', bytes: 2 ** 24 }, {}],
    ['greeting', { kind: 'close-without-close-notify', greeting: 7 }, { identity: serverIdentity }],
    ['contentLength', { kind: 'close-without-close-notify', contentLength: 7 }, { identity: serverIdentity }],
    ['identity', { kind: 'wrong-finished' }, {}],
    ['identity', { kind: 'stall' }, { identity: { key: '', cert: '' } }],
    ['ALPNProtocols', { kind: 'wrong-finished' }, { identity: serverIdentity, ALPNProtocols: 'h2' }],
    ['TLS options', { kind: 'wrong-finished' }, { identity: unreadable }],
    ['timeout', { kind: 'stall' }, { timeout: 0 }],
    ['timeout', { kind: 'stall' }, { timeout: Number.POSITIVE_INFINITY }],
    ['port', { kind: 'stall' }, { port: 65_536 }],
    ['host', { kind: 'stall' }, { host: '' }],
    ['host', { kind: 'stall' }, { host: '192.0.2.1' }],
    ['minVersion', { kind: 'stall' }, { minVersion: 'TLSv1' }],
    ['maxVersion', { kind: 'stall' }, { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }],
    ['onConnection', { kind: 'stall' }, { onConnection: () => {} }],
    ['fault server option', { kind: 'stall' }, { timeOut: 7 }],
  ];

  test.for(bad)('of %s is refused before anything opens: %o with %o', async ([option, fault, options]) => {
    const attempt = startFaultServer(fault as ServerFault, options);

    await expect(attempt).rejects.toMatchObject({ code: 'OPTION_INVALID', facts: { option } });
  });

  test('a port that is taken is said to be', async () => {
    await using taken = await startFaultServer({ kind: 'stall' });

    const attempt = startFaultServer({ kind: 'stall' }, { port: taken.port });

    await expect(attempt).rejects.toMatchObject({ code: 'PORT_IN_USE', facts: { ports: String(taken.port) } });
  });

  test.for(['', 'no PEM', serverIdentity.keyPem, { anchors: '' }])('of trust is refused: %o', async (trust) => {
    const attempt = startFaultServer({ kind: 'wrong-finished' }, { identity: serverIdentity, trust });

    await expect(attempt).rejects.toMatchObject({ code: 'PEM_INVALID', facts: { what: 'trust' } });
  });

  test('is not to bring an identity of another tool, whose anchors nobody knows', async () => {
    await using server = await startFaultServer({ kind: 'wrong-finished' }, { identity: await selfSignedIdentity() });

    const story = await callWithNode(server, { rejectUnauthorized: false });

    expect(story.error).toBe('ERR_SSL_DIGEST_CHECK_FAILED');
  });
});
