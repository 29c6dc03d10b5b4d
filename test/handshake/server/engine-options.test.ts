import net from 'node:net';
import tls from 'node:tls';
import { constants } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  attemptHandshake,
  createPki,
  type ObservedServer,
  startHttp2Server,
  startHttpsServer,
  startTlsServer,
} from '../../../src/index.ts';

const pki = createPki();
const identity = pki.client();
let server: ObservedServer;
let touched = 0;
let untouched: net.Server;
let target: { readonly host: string; readonly port: number };
beforeAll(async () => {
  server = await startTlsServer({ identity: pki.server() });
  untouched = net.createServer(() => (touched += 1)).listen(0, '127.0.0.1');
  await new Promise((resolve) => untouched.once('listening', resolve));
  target = { host: '127.0.0.1', port: (untouched.address() as net.AddressInfo).port }; // it listens on a port
});
afterAll(async () => {
  await server.close();
  untouched.close();
});

const refused = (option: string) => expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option }) });

/** What leaves no handshake to be had, on whichever end: as OpenSSL takes them, in the types' words or not. */
const unusable: readonly (readonly [what: string, options: object, option: string])[] = [
  ['a minVersion above the maxVersion', { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }, 'maxVersion'],
  ['a maxVersion below the minVersion of Node', { maxVersion: 'TLSv1.1' }, 'maxVersion'],
  ['a version that does not exist', { minVersion: 'TLSv1.4' }, 'minVersion'],
  ['a version that is not text', { maxVersion: 1.3 }, 'maxVersion'],
  ['a version of null', { minVersion: null }, 'minVersion'],
  ['a cipher that does not exist', { ciphers: 'ECDHE-NONSENSE' }, 'engine'],
  ['ciphers of TLS 1.3 below a maxVersion of 1.2', { ciphers: 'TLS_AES_128_GCM_SHA256', maxVersion: 'TLSv1.2' }, 'engine'],
  ['no version that is left', { secureOptions: constants.SSL_OP_NO_TLSv1_2 + constants.SSL_OP_NO_TLSv1_3 }, 'engine'],
  ['a curve that does not exist', { ecdhCurve: 'nonsense' }, 'engine'],
  ['signature algorithms that do not exist', { sigalgs: 'nonsense' }, 'engine'],
  ['a protocol that does not exist', { secureProtocol: 'nonsense' }, 'engine'],
  ['ticket keys of a wrong length', { ticketKeys: Buffer.alloc(3) }, 'engine'],
];

describe.for(unusable)('%s', ([, options, option]) => {
  test('is refused before an attempt opens anything', async () => {
    const before = touched;

    await expect(attemptHandshake(target, { identity, ...options })).rejects.toThrow(refused(option === 'engine' ? 'tls options' : option));

    expect(touched).toBe(before);
  });

  test('is refused before a server listens', async () => {
    const all = { identity: pki.server(), ...options };
    const expected = refused(option === 'engine' ? 'server options' : option);

    await expect(startTlsServer(all)).rejects.toThrow(expected);
    await expect(startHttpsServer(() => {}, all)).rejects.toThrow(expected);
    await expect(startHttp2Server(() => {}, all)).rejects.toThrow(expected);
  });
});

test.for<[what: string, options: object]>([
  ['a server method', { secureProtocol: 'TLSv1_2_server_method' }],
  ['ALPN names that are one text', { ALPNProtocols: 'h2' }],
  ['an ALPN name that is empty', { ALPNProtocols: [''] }],
  ['an ALPN name that is too long', { ALPNProtocols: ['a'.repeat(256)] }],
  ['a check that is not a function', { checkServerIdentity: 5 }],
  ['a size that is not a number', { minDHSize: '1024' }],
  ['a trace that is not a boolean', { enableTrace: 5 }],
  ['a callback that is not a function', { pskCallback: 5 }],
])('of an attempt: %s is refused before anything opens', async ([, options]) => {
  const before = touched;

  await expect(attemptHandshake(target, { identity, ...options })).rejects.toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));

  expect(touched).toBe(before);
});

test.for<[what: string, options: object]>([
  ['a client method', { secureProtocol: 'TLSv1_2_client_method' }],
  ['ALPN names that are one text', { ALPNProtocols: 'h2' }],
  ['an ALPN name that is empty', { ALPNProtocols: [''] }],
  ['an ALPN name that is too long', { ALPNProtocols: ['a'.repeat(256)] }],
  ['a callback that is not a function', { SNICallback: 5 }],
])('of a server: %s is refused', async ([, options]) => {
  await expect(startTlsServer({ identity: pki.server(), ...options })).rejects.toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});

test('options that the engine takes are in force, on either end', async () => {
  const strict = await startTlsServer({
    identity: pki.server(),
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  });

  expect(await attemptHandshake(strict, { identity })).toMatchObject({
    verdict: 'accepted',
    protocol: 'TLSv1.2',
    cipher: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  });
  expect(await attemptHandshake(server, { identity, maxVersion: 'TLSv1.2' })).toMatchObject({ verdict: 'accepted', protocol: 'TLSv1.2' });
  expect(await attemptHandshake(server, { identity, ciphers: 'TLS_CHACHA20_POLY1305_SHA256' })).toMatchObject({
    cipher: 'TLS_CHACHA20_POLY1305_SHA256',
  });
  expect(await attemptHandshake(server, { identity, secureProtocol: 'TLSv1_2_method' })).toMatchObject({ protocol: 'TLSv1.2' });
  expect(await attemptHandshake(strict, { identity, minVersion: 'TLSv1.3' })).toMatchObject({ verdict: 'rejected', rejectedBy: 'server' });
  await strict.close();
});

test('defaults of this process hold: a range is measured by them', async () => {
  const usual = tls.DEFAULT_MIN_VERSION;
  tls.DEFAULT_MIN_VERSION = 'TLSv1.3';
  try {
    await expect(attemptHandshake(target, { identity, maxVersion: 'TLSv1.2' })).rejects.toThrow(refused('maxVersion'));
  } finally {
    tls.DEFAULT_MIN_VERSION = usual;
  }
  expect(await attemptHandshake(server, { identity, maxVersion: 'TLSv1.2' })).toMatchObject({ verdict: 'accepted' });
});

test('a callback for keys is asked once, by the attempt', async () => {
  let asked = 0;
  const pskCallback = (): null => {
    asked += 1;
    return null;
  };

  await attemptHandshake(server, { identity, pskCallback, ciphers: 'TLS_AES_128_GCM_SHA256' });
  const withTrial = asked;
  asked = 0;
  await attemptHandshake(server, { identity, pskCallback });

  expect(withTrial).toBe(asked);
});

test('ciphers of a shared key are left to those that have one', async () => {
  const ciphers = 'PSK-AES256-GCM-SHA384';
  const psk = Buffer.alloc(32, 7);
  const settings = { ciphers, maxVersion: 'TLSv1.2' } as const;
  const shared = await startTlsServer({ identity: pki.server(), clientAuth: 'none', ...settings, pskCallback: () => psk });

  const attempt = await attemptHandshake(shared, {
    trust: pki,
    ...settings,
    pskCallback: () => ({ psk, identity: 'alice' }),
    checkServerIdentity: () => undefined,
  });

  expect(attempt).toMatchObject({ verdict: 'accepted', cipher: ciphers });
  await expect(attemptHandshake(shared, { trust: pki, ...settings })).rejects.toThrow(refused('tls options'));
  await expect(startTlsServer({ identity: pki.server(), ...settings })).rejects.toThrow(refused('server options'));
  await shared.close();
});
