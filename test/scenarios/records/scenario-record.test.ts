import { expect } from 'vitest';
import { attemptHandshake, createPki, startTlsServer } from '../../../src/index.ts';
import { toPcapng } from '../../../src/wire/pcapng/to-pcapng.ts';
import { resultRecord } from '../../../src/scenarios/records/scenario-record.ts';
import { test } from '../../../src/vitest/index.ts';

const record = { status: 'as-expected', message: 'as it should' } as const;

test('a handshake is recorded with both chains as they were sent, fit for JSON', async ({ pki }) => {
  await using server = await startTlsServer({ identity: pki.server() });
  const handshake = await attemptHandshake(server, { identity: pki.client('alice') });

  const { handshake: recorded } = resultRecord({ ...record, handshake });

  expect(recorded).toMatchObject({
    verdict: 'accepted',
    protocol: 'TLSv1.3',
    explanation: handshake.explain(),
    startedAt: handshake.startedAt.toISOString(),
    clientChain: {
      asSent: true,
      certificates: [{ subject: 'CN=alice', names: [], extendedKeyUsage: ['clientAuth'] }, { isAuthority: true }],
    },
    serverChain: { asSent: true, certificates: [{ names: ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1'] }, { isAuthority: true }] },
  });
  expect(JSON.parse(JSON.stringify(recorded))).toEqual(recorded);
  expect(JSON.stringify(recorded).length).toBeLessThan(8000);
});

test('what cannot be read as a certificate is told by its length, and no certificate by an empty chain', async ({ pki }) => {
  await using server = await startTlsServer({ identity: pki.server() });
  const identity = pki.client();

  const garbage = await attemptHandshake(server, { identity, certificateMessage: [new Uint8Array(77)] });
  const none = await attemptHandshake(server, {});

  expect(resultRecord({ ...record, handshake: garbage }).handshake?.clientChain).toEqual({
    asSent: true,
    certificates: [{ unreadableBytes: 77 }],
  });
  expect(resultRecord({ ...record, handshake: none }).handshake?.clientChain).toEqual({ asSent: true, certificates: [] });
});

test('whatever a peer presents, its record stays small', async () => {
  const pki = createPki();
  const dns = Array.from({ length: 300 }, (_, index) => `host-${index}.example.test`);
  await using server = await startTlsServer({ identity: pki.server({ dns: ['localhost', ...dns] }) });
  const handshake = await attemptHandshake(server, { identity: pki.client('alice', { subject: { organization: 'x'.repeat(3000) } }) });

  const { message, handshake: recorded } = resultRecord({ status: 'unexpected', message: 'm'.repeat(9000), handshake });

  expect(message).toHaveLength(4000);
  expect(recorded?.serverChain?.certificates[0]).toMatchObject({ names: expect.arrayContaining(['DNS:localhost', 'and 278 more']) });
  expect(JSON.stringify({ ...recorded, capture: undefined }).length).toBeLessThan(20_000); // the capture has a bound of its own
});

test('without a handshake there is none', () => {
  const runtime = { node: process.versions.node, openssl: process.versions.openssl };

  expect(resultRecord({ status: 'skipped', message: 'known' })).toEqual({ status: 'skipped', message: 'known', runtime });
});

test('the capture of an edited handshake is in the record of a failure, and its alert in every one', () => {
  const alert = { name: 'decode_error', code: 50, sentBy: 'server' } as const;
  const capture = toPcapng({ chunks: [], keyLog: 'CLIENT_RANDOM 00 11\n' });
  const recordOf = (status: 'unexpected' | 'as-expected', secrets: boolean): ReturnType<typeof resultRecord> =>
    resultRecord({ status, message: 'seen', alert, capture }, { of: 'unexpected', secrets });

  expect(recordOf('as-expected', true)).toMatchObject({ alert });
  expect(recordOf('as-expected', true)).not.toHaveProperty('capture');
  expect(recordOf('unexpected', true).capture).toBe(Buffer.from(capture).toString('base64'));
  expect(Buffer.from(recordOf('unexpected', false).capture ?? '', 'base64').includes('CLIENT_RANDOM')).toBe(false);
});
