import net from 'node:net';
import { describe, expect, test } from 'vitest';
import type { ClientFault } from '../../../src/faults/client/client-fault.ts';
import type { ClientFaultOptions } from '../../../src/faults/client/client-fault-options.ts';
import type { ClientFaultOutcome } from '../../../src/faults/client/client-fault-outcome.ts';
import { sendClientFault } from '../../../src/faults/client/send-client-fault.ts';
import { startFaultServer } from '../../../src/faults/server/start-fault-server.ts';
import { identityFromPem } from '../../../src/index.ts';
import { callWithNode, clientIdentity, listening, only, pki, startNodeServer, versions } from '../node-peers.ts';

/** What a server of node:tls reports, and what the client sees of it; codes that differ between OpenSSL versions as patterns. */
const refused: readonly (readonly [ClientFault, RegExp, Partial<ClientFaultOutcome> & { readonly alertName?: string }])[] = [
  [{ kind: 'plaintext-http' }, /^ERR_SSL_HTTP_REQUEST$/u, { ended: 'closed', bytesReceived: 0 }],
  [{ kind: 'http-connect' }, /^ERR_SSL_HTTPS_PROXY_REQUEST$/u, { ended: 'closed', bytesReceived: 0 }],
  [{ kind: 'garbage' }, /^ERR_SSL_WRONG_VERSION_NUMBER$/u, { ended: 'closed', bytesReceived: 0 }],
  [{ kind: 'zero-bytes' }, /^ERR_SSL_WRONG_VERSION_NUMBER$/u, { ended: 'closed', bytesReceived: 0 }],
  [{ kind: 'sslv2-hello' }, /^ERR_SSL_UNKNOWN_PROTOCOL$/u, { ended: 'closed', alertName: 'protocol_version' }],
  [{ kind: 'application-data-first' }, /^ERR_SSL_UNEXPECTED_MESSAGE$/u, { ended: 'closed', alertName: 'unexpected_message' }],
  [{ kind: 'connect-and-close' }, /^ECONNRESET$/u, { ended: 'closed', bytesReceived: 0 }],
  [{ kind: 'truncated-client-hello' }, /^ECONNRESET$/u, { ended: 'closed', bytesReceived: 0 }],
  [{ kind: 'reset-after-client-hello' }, /^ECONNRESET$/u, { ended: 'reset' }],
  [{ kind: 'oversized-record' }, /^ERR_SSL_(?:DATA|PACKET)_LENGTH_TOO_LONG$/u, { ended: 'closed', alertName: 'record_overflow' }],
  [{ kind: 'client-hello-tls10' }, /^ERR_SSL_UNSUPPORTED_PROTOCOL$/u, { ended: 'closed', alertName: 'protocol_version' }],
  [{ kind: 'client-hello-tls11' }, /^ERR_SSL_UNSUPPORTED_PROTOCOL$/u, { ended: 'closed', alertName: 'protocol_version' }],
];

/** After the server's own hello: what it says then is encrypted in TLS 1.3, and cannot be read without the keys of a real client. */
const refusedLater: readonly (readonly [ClientFault, RegExp, string?])[] = [
  [{ kind: 'close-after-client-hello' }, /^ECONNRESET$/u],
  [{ kind: 'random-bytes-after-hello' }, /^ERR_SSL_(?:BAD_RECORD_TYPE|WRONG_VERSION_NUMBER)$/u, 'protocol_version'],
  [{ kind: 'warning-alert-flood', count: 32 }, /^ERR_SSL_TOO_MANY_WARN_ALERTS$/u, 'unexpected_message'],
];

const corrupted: readonly (readonly [ClientFault, RegExp])[] = [
  [{ kind: 'wrong-finished' }, /^ERR_SSL_DIGEST_CHECK_FAILED$/u],
  [{ kind: 'wrong-certificate-verify' }, /^ERR_SSL_(?:BAD|PROVIDER)_SIGNATURE/u],
];

describe.for(versions)('a server of node:tls over %s', (version) => {
  const options = { identity: clientIdentity, timeout: 60_000, ...only(version) }; // a bound above the test's own: each ends before it

  test.for(refused)('turns %o away, and serves the next client', async ([fault, report, { alertName, ...expected }]) => {
    const server = await startNodeServer(only(version));

    const outcome = await sendClientFault(server, fault, options);
    const firstReport = await server.nextReport;
    const next = await callWithNode(server);

    expect(outcome).toMatchObject({ faultSent: true, applicationData: false, plaintextResponse: false, ...expected });
    expect(outcome.alert?.name).toBe(alertName);
    expect(outcome.protocol).toBeUndefined();
    expect(firstReport).toMatch(report);
    expect(next.data).toBe('answer');
  });

  test.for(refusedLater)('turns %o away after its own hello, and serves the next client', async ([fault, report, alertName]) => {
    const server = await startNodeServer(only(version));

    const outcome = await sendClientFault(server, fault, options);
    const firstReport = await server.nextReport;
    const next = await callWithNode(server);

    expect(outcome).toMatchObject({ ended: 'closed', faultSent: true, protocol: version, applicationData: false });
    expect(outcome.alert?.name).toBe(version === 'TLSv1.2' ? alertName : undefined);
    expect(firstReport).toMatch(report);
    expect(next.data).toBe('answer');
  });

  test.for(corrupted)('finds %o out by the keys', async ([fault, report]) => {
    const server = await startNodeServer(only(version));

    const outcome = await sendClientFault(server, fault, options);
    const firstReport = await server.nextReport;

    expect(outcome).toMatchObject({ ended: 'closed', faultSent: true, protocol: version, applicationData: false });
    expect(outcome.alert).toEqual({ name: 'decrypt_error', code: 51, sentBy: 'server' });
    expect(firstReport).toMatch(report);
  });

  test('serves a slow client', async () => {
    const server = await startNodeServer(only(version));

    const outcome = await sendClientFault(server, { kind: 'one-byte-at-a-time' }, options);

    expect(outcome).toMatchObject({ ended: 'closed', faultSent: true, protocol: version, applicationData: true });
    expect(outcome.alert).toBeUndefined();
    expect(server.reports).toEqual(['secureConnection']);
  });

  test.for(['header', 'server-name'] as const)(
    'serves a client whose ClientHello is cut in the %s, and asks it for a certificate',
    async (at) => {
      const server = await startNodeServer(only(version));
      const fault = { kind: 'split-client-hello', at } as const;

      const valid = await sendClientFault(server, fault, options);
      const anonymous = await sendClientFault(server, fault, only(version));

      expect(valid).toMatchObject({ ended: 'closed', faultSent: true, protocol: version, applicationData: true });
      expect(valid.alert).toBeUndefined();
      expect(anonymous).toMatchObject({ faultSent: true, applicationData: false });
      expect(anonymous.alert?.name).toBe(version === 'TLSv1.3' ? 'certificate_required' : 'handshake_failure');
    },
  );

  test('lets a client go that sends no close_notify', async () => {
    const server = await startNodeServer(only(version));

    const outcome = await sendClientFault(server, { kind: 'half-close' }, options);

    expect(outcome).toMatchObject({ ended: 'closed', faultSent: true, protocol: version, applicationData: false });
    expect(server.reports).toEqual(['secureConnection']);
  });

  test('leaves a stalled client to the bound', async () => {
    const server = await startNodeServer(only(version));

    const outcome = await sendClientFault(server, { kind: 'stalled-handshake' }, { ...options, timeout: 200 });

    expect(outcome).toMatchObject({ ended: 'still-open', faultSent: true, bytesReceived: 0 });
  });

  test('turns a slow client away that has no certificate', async () => {
    const server = await startNodeServer(only(version));

    const outcome = await sendClientFault(server, { kind: 'one-byte-at-a-time' }, only(version));

    expect(outcome).toMatchObject({ applicationData: false, alert: { sentBy: 'server' } });
    expect(outcome.alert?.name).toBe(version === 'TLSv1.3' ? 'certificate_required' : 'handshake_failure');
  });

  test('is not blamed for a CertificateVerify that it never asked for', async () => {
    const server = await startNodeServer({ ...only(version), requestCert: false });

    const outcome = await sendClientFault(server, { kind: 'wrong-certificate-verify' }, options);

    expect(outcome).toMatchObject({ faultSent: false, applicationData: true });
  });
});

describe('a client that may speak either version', () => {
  test.for(corrupted)('shows a server of TLS 1.2 alone %o', async ([fault, report]) => {
    const server = await startNodeServer(only('TLSv1.2'));

    const outcome = await sendClientFault(server, fault, { identity: clientIdentity });

    expect(outcome).toMatchObject({ ended: 'closed', faultSent: true, protocol: 'TLSv1.2', alert: { name: 'decrypt_error' } });
    expect(outcome.flight).toBeUndefined();
    expect(server.reports.at(-1)).toMatch(report);
  });

  test.for(corrupted)('shows a server of both %o in TLS 1.3, on one connection', async ([fault, report]) => {
    const server = await startNodeServer();

    const outcome = await sendClientFault(server, fault, { identity: clientIdentity });

    expect(outcome).toMatchObject({ ended: 'closed', faultSent: true, protocol: 'TLSv1.3', alert: { name: 'decrypt_error' } });
    expect(server.reports).toEqual([expect.stringMatching(report)]);
  });

  test('leaves a server alone that refuses TLS 1.3 where it may speak nothing else', async () => {
    const server = await startNodeServer(only('TLSv1.2'));

    const outcome = await sendClientFault(server, { kind: 'wrong-finished' }, { identity: clientIdentity, ...only('TLSv1.3') });

    expect(outcome).toMatchObject({ ended: 'closed', faultSent: false, alert: { name: 'protocol_version' } });
    expect(server.reports).toHaveLength(1);
  });
});

describe('how a connection ended', () => {
  test.for([
    ['reset', { kind: 'reset-after-client-hello' }],
    ['closed', { kind: 'close-after-client-hello' }],
  ] as const)('is reported: %s', async ([ended, fault]) => {
    await using server = await startFaultServer(fault);

    const outcome = await sendClientFault(server, { kind: 'warning-alert-flood', count: 1 });

    expect(outcome.ended).toBe(ended);
  });

  test('leaves no socket behind', async () => {
    await using server = await startFaultServer({ kind: 'stall' }, { timeout: 60_000 });

    await sendClientFault(server, { kind: 'stalled-handshake' }, { timeout: 50 });
    await sendClientFault(server, { kind: 'one-byte-at-a-time' }, { timeout: 50 });
    await server.connectionsEnded();

    expect(server.connections).toBe(2);
  });
});

test.for(['header', 'server-name'] as const)('a ClientHello that is cut in the %s is the same message in two records', async (at) => {
  const received: Buffer[] = [];
  const port = await listening(
    net.createServer((socket) => {
      socket.on('data', (chunk: Buffer) => received.push(chunk)).on('error', () => {});
    }),
  );

  await sendClientFault({ host: '127.0.0.1', port }, { kind: 'split-client-hello', at }, { servername: 'admin.test', timeout: 200 });

  const records = recordsIn(Buffer.concat(received));
  expect(records.map(([type]) => type)).toEqual([22, 22]);
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = records.map(([, fragment]) => fragment);
  const message = Buffer.concat([first, second]);
  expect([message[0], message.readUIntBE(1, 3)]).toEqual([1, message.length - 4]);
  expect([first.length < 4, first.includes('admin') && second.includes('.test')]).toEqual([at === 'header', at === 'server-name']);
});

test('a ClientHello without a name is not cut in it', async () => {
  const server = await startNodeServer({});

  const outcome = await sendClientFault(
    server,
    { kind: 'split-client-hello', at: 'server-name' },
    { servername: '127.0.0.1', timeout: 500 },
  );

  expect(outcome.faultSent).toBe(false);
});

describe('misuse', () => {
  const target = { host: '127.0.0.1', port: 1 };
  const stall = { kind: 'stalled-handshake' };

  test.for([
    ['fault', target, { kind: 'no-such-fault' }, {}],
    ['fault', target, undefined, {}],
    ['fault garbage', target, { kind: 'garbage', count: 1 }, {}],
    ['count', target, { kind: 'warning-alert-flood' }, {}],
    ['host', null, stall, {}],
    ['host', { host: '', port: 1 }, stall, {}],
    ['port', { host: '127.0.0.1', port: 0 }, stall, {}],
    ['starttls', { ...target, starttls: 'smtp' }, stall, {}],
    ['timeout', target, stall, { timeout: -1 }],
    ['servername', target, stall, { servername: '' }],
    ['identity', target, { kind: 'wrong-certificate-verify' }, {}],
    ['identity', target, stall, { identity: clientIdentity.tls }],
    ['minVersion', target, stall, { minVersion: 'TLSv1.1' }],
    ['maxVersion', target, stall, { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }],
    ['request', target, stall, { request: 7 }],
    ['client fault option', target, stall, { trust: pki.anchors }],
  ] as const)('of %s is refused before anything opens: %o, %o, %o', async ([option, to, fault, options]) => {
    const attempt = sendClientFault(to as typeof target, fault as ClientFault, options as ClientFaultOptions);

    await expect(attempt).rejects.toMatchObject({ code: 'OPTION_INVALID', facts: { option } });
  });

  test('a server that is not there is an error, not an outcome', async () => {
    const server = await startFaultServer({ kind: 'stall' });
    await server.close();

    const attempt = sendClientFault(server, { kind: 'garbage' });

    await expect(attempt).rejects.toMatchObject({ code: 'CONNECT_FAILED', facts: { port: server.port, reason: 'ECONNREFUSED' } });
  });

  test('an unknown host name is an error, not an outcome', async () => {
    const attempt = sendClientFault({ host: 'host.invalid', port: 1 }, { kind: 'garbage' });

    await expect(attempt).rejects.toMatchObject({ code: 'HOST_NOT_FOUND' });
  });

  test('a server addressed by its IP is asked for no name', async () => {
    const server = await startNodeServer();
    const address = identityFromPem(clientIdentity.tls);

    const raw = await sendClientFault(server, { kind: 'close-after-client-hello' }, { servername: '127.0.0.1' });
    const real = await sendClientFault(server, { kind: 'one-byte-at-a-time' }, { servername: '127.0.0.1', identity: address });

    expect(raw.protocol).toBe('TLSv1.3');
    expect(real.applicationData).toBe(true);
  });
});

/** The types and fragments of records. */
function recordsIn(bytes: Buffer): (readonly [type: number, fragment: Buffer])[] {
  const records: (readonly [number, Buffer])[] = [];
  for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt16BE(at + 3))
    records.push([bytes[at] ?? 0, bytes.subarray(at + 5, at + 5 + bytes.readUInt16BE(at + 3))]);
  return records;
}
