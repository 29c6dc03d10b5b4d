import { describe, expect } from 'vitest';
import { attemptHandshake, createPki, type Endpoint, type ObservedServer, startTlsServer } from '../../../src/index.ts';
import { startFaultServer } from '../../../src/faults/server/start-fault-server.ts';
import { tryValidClient } from '../../../src/scenarios/run/server/valid-client.ts';
import type { TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import { errorRefusesVersion, refusesVersion } from '../../../src/scenarios/assess/version-refused.ts';
import { seemsToRefuseVersion } from '../../../src/scenarios/run/version-spoken.ts';
import { test } from '../../../src/vitest/index.ts';

const timeout = 5000;

describe('a valid client is refused for its version of TLS', () => {
  test.for([
    ['TLSv1.3', 'TLSv1.2'],
    ['TLSv1.2', 'TLSv1.3'],
  ] as const)('by a server that speaks %s alone, asked for %s', async ([spoken, missing], { pki }) => {
    await using server = await startTlsServer({ identity: pki.server(), minVersion: spoken, maxVersion: spoken });
    const settings = { pki, timeout, authorizes: undefined };

    for (const target of [server, { host: '127.0.0.1', port: server.port, servername: 'localhost' }]) {
      expect(await tryValidClient(target, { ...settings, version: missing })).toMatchObject({ refusesVersion: true });
      expect(await tryValidClient(target, { ...settings, version: spoken })).toMatchObject({
        refusal: undefined,
        refusesVersion: false,
        handshake: { verdict: 'accepted' },
      });
      expect(await looked(target, missing)).toBe(true);
      expect(await looked(target, spoken)).toBe(false);
    }
  });

  test('and not by a server that refuses its certificate', async ({ pki }) => {
    await using server = await startTlsServer({ identity: pki.server(), trust: createPki().anchors });

    const tried = await tryValidClient(server, { pki, timeout, authorizes: undefined, version: 'TLSv1.2' });

    expect(tried).toMatchObject({ refusal: { handshake: { rejectedBy: 'server', alert: { name: 'unknown_ca' } } }, refusesVersion: false });
  });
});

test('a first look leaves no record on an observed server, and an attempt does', async ({ pki }) => {
  await using server = await startTlsServer({ identity: pki.server(), minVersion: 'TLSv1.3' });

  await Promise.all([looked(server, 'TLSv1.3'), looked(server, 'TLSv1.2')]);
  expect(server.handshakes).toEqual([]);

  const handshake = await attemptHandshake(server, { identity: pki.client() });
  expect(server.handshakes).toEqual([handshake]);
  expect(await server.nextHandshake()).toBe(handshake);
});

describe('an endpoint that answers each ClientHello with one alert', () => {
  test.for([
    ['protocol_version', true],
    ['handshake_failure', true], // as with cipher suites that nothing has in common: the control of the other version tells
    ['internal_error', false],
    ['unrecognized_name', false],
  ] as const)('%s names the version: %s', async ([alert, expected], { pki }) => {
    await using server = await startFaultServer({ kind: 'alert', alert });

    const tried = await tryValidClient(
      { host: '127.0.0.1', port: server.port, servername: 'localhost' },
      { pki, timeout, authorizes: undefined, version: 'TLSv1.2' },
    );

    expect(tried.refusal).toBeDefined();
    expect(tried.refusesVersion).toBe(expected);
  });
});

test('an alert protocol_version after a certificate is not about the version that was offered', async ({ pki }) => {
  await using server = await startTlsServer({ identity: pki.server(), maxVersion: 'TLSv1.2' });

  const refused = await attemptHandshake(server, { identity: createPki().client(), trust: pki.anchors });
  const disguised = Object.create(refused, {
    alert: { value: { name: 'protocol_version', code: 70, sentBy: 'server' } },
  }) as typeof refused; // the same but for its alert

  expect(refused.messages.map(({ type }) => type)).toContain('certificate');
  expect(refusesVersion(disguised)).toBe(false);
});

test.for([
  [
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    'error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:a.c:1:SSL alert number 70',
    true,
  ],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'error:0A000102:SSL routines:tls_process_server_hello:unsupported protocol:a.c:1:', true],
  [
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    'error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure:a.c:1:SSL alert number 40',
    false,
  ],
  ['ECONNRESET', 'read ECONNRESET', false],
] as const)('the error %s of a client library', ([code, message, expected]) => {
  expect(errorRefusesVersion(Object.assign(new Error(message), { code }))).toBe(expected);
});

async function looked(target: ObservedServer | Endpoint, version: TlsVersion): Promise<boolean> {
  return seemsToRefuseVersion(target, { version, timeout, trust: createPki().anchors });
}
