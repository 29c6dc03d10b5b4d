import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { readDer } from '../../../src/asn1/der-reader.ts';
import { decodePem } from '../../../src/asn1/pem.ts';
import { createPki } from '../../../src/index.ts';
import { decodeHandshake } from '../../../src/wire/decode/decode-handshake.ts';
import type { DecodedMessage } from '../../../src/wire/decode/decoded-message.ts';
import { sealRecord } from '../../../src/wire/records/protected-record.ts';
import { encodeExtension, encodeHandshakeMessage, encodeRecord, encodeVector } from '../../../src/wire/tls-encoding.ts';
import { recordsOf } from '../../../src/wire/records/tls-record.ts';
import { echo, type RecordedConnection, recordConnection, sayHello } from './record-connection.ts';

const versions = ['TLSv1.3', 'TLSv1.2'] as const;
const pki = createPki({ name: 'decoded' });
const client = pki.client('alice');

describe.for(versions)('a connection over %s', (version) => {
  const only = { minVersion: version, maxVersion: version } as const;
  let connection: RecordedConnection;
  let keyLog: string;
  beforeAll(async () => {
    connection = await visit({ ...client.tls, ...only });
    keyLog = connection.keyLog.join('');
  });

  test('shows the certificates of both sides exactly as they were sent', () => {
    const decoded = decodeHandshake(connection.records, { keyLog });

    expect(sentCertificates(decoded, 'client')).toEqual(derOf(client.chainPem));
    expect(new X509Certificate(sentCertificates(decoded, 'server')[0] ?? '').subject).toBe('CN=localhost');
  });

  test('shows the names of the acceptable authorities as the root has it', () => {
    const [request] = ofType(decodeHandshake(connection.records, { keyLog }), 'certificate_request');

    expect(request?.authorities).toMatchObject([{ text: 'O=mtls-fixtures, CN=decoded root CA' }]);
    expect(Buffer.from(request?.authorities[0]?.der ?? [])).toEqual(Buffer.from(subjectOf(pki.anchors)));
  });

  test('shows a close_notify of both sides before they end', () => {
    const decoded = decodeHandshake(connection.records, { keyLog, ends: connection.ends });

    expect(ofType(decoded, 'end_of_stream')).toMatchObject([
      { sentBy: 'client', how: 'end', after: 'close_notify' },
      { sentBy: 'server', how: 'end', after: 'close_notify' },
    ]);
  });

  test('cut off before the close_notify is truncated', () => {
    const closeNotify = connection.records.findIndex(
      ({ sentBy }, index) => sentBy === 'client' && index === lastIndexOf(connection, 'client'),
    );
    const records = connection.records.slice(0, closeNotify);

    const decoded = decodeHandshake(records, { keyLog, ends: [{ sentBy: 'client', how: 'reset' }] });

    expect(decoded.at(-1)).toMatchObject({ type: 'end_of_stream', sentBy: 'client', how: 'reset', after: 'truncated' });
  });

  test.for([
    ['without a key log', undefined, 'there is no key log'],
    ['with an empty one', '', 'the key log has no secrets of this connection'],
    [
      'with one of another connection',
      `CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)}\n`,
      'the key log has no secrets of this connection',
    ],
    [
      'with lines that are not valid',
      'CLIENT_RANDOM\n\0 \uffff\nSERVER_TRAFFIC_SECRET_0 x y\n',
      'the key log has no secrets of this connection',
    ],
  ] as const)('%s is said to stay encrypted, and how it ended to be unknown', ([, lines, note]) => {
    const decoded = decodeHandshake(connection.records, { keyLog: lines, ends: connection.ends });

    const encrypted = ofType(decoded, 'encrypted');
    expect(encrypted.length).toBeGreaterThan(3);
    expect(new Set(encrypted.map((message) => message.note))).toEqual(new Set([note]));
    expect(decoded.filter(({ type, encrypted: isEncrypted }) => isEncrypted && type !== 'encrypted')).toEqual([]);
    expect(ofType(decoded, 'end_of_stream').map(({ after }) => after)).toEqual(['unknown', 'unknown']);
  });

  test('with secrets that are not its own stays encrypted', () => {
    const wrong = keyLog.replaceAll(/[0-9a-f]{64,}$/gmu, (secret) => 'ab'.repeat(secret.length / 2));

    const decoded = decodeHandshake(connection.records, { keyLog: wrong });

    expect(decoded.filter(({ type, encrypted }) => encrypted && type !== 'encrypted')).toEqual([]);
    expect(ofType(decoded, 'encrypted').every(({ note }) => note === 'it does not open with the secret of the key log')).toBe(true);
  });

  test('reads the same when it comes octet by octet, and when others are in the key log', () => {
    const octets = connection.chunks.flatMap(({ sentBy, atMs, bytes }) =>
      Array.from(bytes, (octet) => ({ sentBy, atMs, bytes: Uint8Array.of(octet) })),
    );
    const others = `# comment\r\nCLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)}\r\n`;

    const decoded = decodeHandshake(recordsOf(octets), { keyLog: others + keyLog.replaceAll('\n', '\r\n') });

    expect(decoded).toEqual(decodeHandshake(connection.records, { keyLog }));
  });

  test('shows what comes after a record that was corrupted on its way', () => {
    const corrupted = connection.records.map((record) => {
      const isCorrupted =
        record ===
        connection.records.find(({ sentBy, type, length }) => sentBy === 'client' && type !== 'alert' && length === helloLength[version]);
      return isCorrupted
        ? { ...record, fragment: record.fragment.map((octet, index) => (index === record.length - 1 ? octet ^ 1 : octet)) }
        : record;
    });

    const decoded = decodeHandshake(corrupted, { keyLog });

    expect(ofType(decoded, 'encrypted')).toMatchObject([{ sentBy: 'client', note: 'it does not open with the secret of the key log' }]);
    expect(decoded.findLast(({ sentBy }) => sentBy === 'client')).toMatchObject({ type: 'alert', name: 'close_notify' });
  });

  test('keeps offers, answers and times', () => {
    const decoded = decodeHandshake(connection.records, { keyLog });

    expect(decoded[0]).toMatchObject({
      type: 'client_hello',
      sentBy: 'client',
      servername: 'localhost',
      versions: [version],
      encrypted: false,
    });
    expect(decoded[1]).toMatchObject({ type: 'server_hello', sentBy: 'server', version });
    expect(decoded.map(({ atMs }) => atMs)).toEqual(decoded.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    expect(ofType(decoded, 'application_data').map(({ length }) => length)).toEqual([5, 5]);
  });
});

test("a refused client's own data stays encrypted where the server never made the secret for it, and the alert is reported", async () => {
  const connection = await visit({ ca: client.tls.ca, minVersion: 'TLSv1.3' });
  const keyLog = connection.keyLog.filter((line) => !line.startsWith('CLIENT_TRAFFIC_SECRET_0')).join('');

  const decoded = decodeHandshake(connection.records, { keyLog, ends: connection.ends });

  expect(ofType(decoded, 'certificate').find(({ sentBy }) => sentBy === 'client')?.certificates).toEqual([]);
  expect(ofType(decoded, 'encrypted')).toMatchObject([{ sentBy: 'client', note: 'the key log has no secret for it' }]);
  expect(ofType(decoded, 'alert')).toMatchObject([
    { sentBy: 'server', name: 'certificate_required', level: 'fatal', code: 116, encrypted: true },
  ]);
  expect(ofType(decoded, 'end_of_stream')).toMatchObject([{ after: 'alert' }, { after: 'alert' }]);
});

test('without the secrets of the handshake what comes after it is read all the same', async () => {
  const connection = await visit({ ...client.tls, minVersion: 'TLSv1.3' });
  const keyLog = connection.keyLog.filter((line) => !line.includes('HANDSHAKE')).join('');

  const decoded = decodeHandshake(connection.records, { keyLog });

  expect(ofType(decoded, 'certificate')).toEqual([]);
  expect(ofType(decoded, 'application_data').map(({ length }) => length)).toEqual([5, 5]);
  expect(decoded.filter(({ note }) => note?.includes('before a Finished'))).toHaveLength(2);
});

test('what no AEAD protects stays encrypted, and says which suite it is', async () => {
  const connection = await visit({ ...client.tls, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' });

  const decoded = decodeHandshake(connection.records, { keyLog: connection.keyLog.join(''), ends: connection.ends });

  expect(decoded.find(({ type }) => type === 'certificate_verify')).toMatchObject({ encrypted: false });
  expect(new Set(ofType(decoded, 'encrypted').map(({ recordType }) => recordType))).toEqual(
    new Set(['handshake', 'application_data', 'alert']),
  );
  expect(new Set(ofType(decoded, 'encrypted').map(({ note }) => note))).toEqual(
    new Set(['records of TLSv1.2 with TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 are not opened here']),
  );
  expect(ofType(decoded, 'end_of_stream').map(({ after }) => after)).toEqual(['unknown', 'unknown']);
});

test('a key exchange without curves is described by the size of its prime, or not at all', async () => {
  const identity = pki.server({ keyAlgorithm: 'rsa-2048' });
  const decode = async (ciphers: string): Promise<readonly DecodedMessage[]> => {
    const server = echo({ ...identity.serverTls, dhparam: 'auto', ciphers, maxVersion: 'TLSv1.2' });
    const connection = await recordConnection(server, async (endpoint) => {
      await sayHello({ ...client.tls, ...endpoint, ciphers });
    });
    return decodeHandshake(connection.records, { keyLog: connection.keyLog.join('') });
  };

  expect(ofType(await decode('DHE-RSA-AES128-GCM-SHA256'), 'server_key_exchange')).toMatchObject([
    { keyExchange: 'dhe', group: '2048 bits', signatureScheme: 'rsa_pss_rsae_sha256' },
  ]);
  const withoutExchange = await decode('AES128-GCM-SHA256');
  expect(ofType(withoutExchange, 'server_key_exchange')).toEqual([]);
  expect(ofType(withoutExchange, 'client_key_exchange')).toMatchObject([{ length: 2 + 256 }]);
});

test('early data stays encrypted without losing count of what comes after it', () => {
  const cipher = 'TLS_AES_128_GCM_SHA256';
  const secret = (octet: number): Buffer => Buffer.alloc(32, octet);
  const random = Buffer.alloc(32, 9);
  const hello = (type: 1 | 2, ...rest: Uint8Array[]): Buffer =>
    encodeRecord('handshake', encodeHandshakeMessage(type, Buffer.from('0303', 'hex'), random, Buffer.from('00', 'hex'), ...rest));
  const early = (sequence: number): Buffer => sealRecord(Buffer.from('early'), 23, { cipher, secret: secret(1), sequence });
  const finished = sealRecord(encodeHandshakeMessage(20, Buffer.alloc(32)), 22, { cipher, secret: secret(2), sequence: 0 });
  const afterwards = sealRecord(Buffer.from('late'), 23, { cipher, secret: secret(3), sequence: 0 });
  const offer = encodeVector(2, encodeExtension(42));
  const choice = encodeVector(2, encodeExtension(43, Buffer.from('0304', 'hex')));
  const keyLog = [
    `CLIENT_HANDSHAKE_TRAFFIC_SECRET ${random.toString('hex')} ${secret(2).toString('hex')}`,
    `CLIENT_TRAFFIC_SECRET_0 ${random.toString('hex')} ${secret(3).toString('hex')}`,
  ];
  const spoken = [
    ['client', hello(1, Buffer.from('000213010100', 'hex'), offer)],
    ['client', early(0)],
    ['server', hello(2, Buffer.from('130100', 'hex'), choice)],
    ['client', early(1)],
    ['client', finished],
    ['client', afterwards],
  ] as const;

  const decoded = decodeHandshake(recordsOf(spoken.map(([sentBy, bytes]) => ({ sentBy, atMs: 0, bytes }))), { keyLog: keyLog.join('\n') });

  expect(decoded).toMatchObject([
    { type: 'client_hello', earlyData: true },
    { type: 'encrypted', note: expect.stringContaining('early data') },
    { type: 'server_hello', version: 'TLSv1.3' },
    { type: 'encrypted', note: 'early data, which is not opened here' },
    { type: 'finished' },
    { type: 'application_data', length: 4 },
  ]);
});

/** Octets of a record with "hello". */
const helloLength = { 'TLSv1.3': 5 + 1 + 16, 'TLSv1.2': 8 + 5 + 16 } as const;

async function visit(options: Parameters<typeof sayHello>[0]): Promise<RecordedConnection> {
  return recordConnection(echo(pki.server().serverTls), async (endpoint) => {
    await sayHello({ ...options, ...endpoint });
  });
}

function ofType<T extends DecodedMessage['type']>(messages: readonly DecodedMessage[], type: T): Extract<DecodedMessage, { type: T }>[] {
  return messages.filter((message): message is Extract<DecodedMessage, { type: T }> => message.type === type);
}

function sentCertificates(messages: readonly DecodedMessage[], sentBy: 'client' | 'server'): Buffer[] {
  const sent = ofType(messages, 'certificate').find((message) => message.sentBy === sentBy);
  return (sent?.certificates ?? []).map(({ der }) => Buffer.from(der));
}

function derOf(pem: string): Buffer[] {
  return decodePem(pem).map(({ der }) => Buffer.from(der));
}

function lastIndexOf({ records }: RecordedConnection, side: 'client' | 'server'): number {
  return records.findLastIndex(({ sentBy }) => sentBy === side);
}

/** The subject within a certificate: the sixth part of what is signed (RFC 5280 4.1). */
function subjectOf(pem: string): Uint8Array {
  const [tbs] = readDer(derOf(pem)[0] ?? Buffer.alloc(0), 'certificate').children;
  return tbs?.children[5]?.bytes ?? new Uint8Array(0);
}
