import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { brotliDecompressSync, deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createPki } from '../../../../src/index.ts';
import { clientFlightFaults, type ClientFlightFault } from '../../../../src/faults/flights/client/client-flight-fault.ts';
import type { EditedFlight } from '../../../../src/faults/flights/client/edited-flight.ts';
import { editedFlights } from '../../../../src/faults/flights/client/edited-flights.ts';
import type { ServerProtocolScenario } from '../../../../src/scenarios/catalogue/protocol-scenario.ts';
import type { TlsVersion } from '../../../../src/scenarios/catalogue/scenario.ts';
import type { FlightContext, FlightMessage, FlightName, MessageName } from '../../../../src/wire/engine/flight.ts';
import { forServers } from '../../../scenarios/protocol/scenario.ts';

const pki = createPki({ name: 'edited flights' });
const flights: Readonly<Record<string, EditedFlight>> = editedFlights;
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
/** Two certificates of two and one octets, as a Certificate message has them in each version. */
const certificate = {
  'TLSv1.3': Buffer.from('0000000d000002aabb0000000001cc0000', 'hex'),
  'TLSv1.2': Buffer.from('000009000002aabb000001cc', 'hex'),
};
const certificateVerify = Buffer.from('04030004a1a2a3a4', 'hex');
const finished = Buffer.from('f1f2f3f4', 'hex');

test('each flight of the list is edited, and has a row with the same versions and the same kind of key', () => {
  const rows = forServers.filter(({ id }) => clientFlightFaults.some((name) => name === id));

  expect(Object.keys(flights).toSorted()).toEqual(clientFlightFaults.toSorted());
  expect(rows.map(({ id }) => id).toSorted()).toEqual(clientFlightFaults.toSorted());
  expect(rows.map(({ id, versions }) => [id, versions])).toEqual(rows.map(({ id }) => [id, versionsOf(id)]));
  expect(rows.filter((row) => keyAskedFor(row) !== flights[row.id]?.key)).toEqual([]);
});

test.for([
  ['client-certificate-verify-left-out', 'TLSv1.3', 'change_cipher_spec certificate finished'],
  ['client-certificate-verify-left-out', 'TLSv1.2', 'certificate client_key_exchange change_cipher_spec finished'],
  ['client-certificate-left-out', 'TLSv1.3', 'change_cipher_spec certificate_verify finished'],
  ['client-authentication-left-out', 'TLSv1.3', 'change_cipher_spec finished'],
  ['client-authentication-left-out', 'TLSv1.2', 'client_key_exchange change_cipher_spec finished'],
  ['client-certificate-verify-before-certificate', 'TLSv1.3', 'change_cipher_spec certificate_verify certificate finished'],
  [
    'client-certificate-verify-before-key-exchange',
    'TLSv1.2',
    'certificate certificate_verify client_key_exchange change_cipher_spec finished',
  ],
  ['client-certificate-twice', 'TLSv1.3', 'change_cipher_spec certificate certificate certificate_verify finished'],
  ['client-certificate-verify-twice', 'TLSv1.3', 'change_cipher_spec certificate certificate_verify certificate_verify finished'],
  ['client-key-exchange-left-out', 'TLSv1.2', 'certificate certificate_verify change_cipher_spec finished'],
  ['client-change-cipher-spec-left-out', 'TLSv1.2', 'certificate client_key_exchange certificate_verify finished'],
  [
    'client-change-cipher-spec-before-certificate-verify',
    'TLSv1.2',
    'certificate client_key_exchange change_cipher_spec certificate_verify finished',
  ],
  ['client-sends-message-of-server', 'TLSv1.3', 'change_cipher_spec certificate certificate_verify encrypted_extensions finished'],
  [
    'client-sends-message-of-server',
    'TLSv1.2',
    'certificate client_key_exchange server_hello_done certificate_verify change_cipher_spec finished',
  ],
  ['client-sends-hello-in-flight', 'TLSv1.3', 'change_cipher_spec client_hello certificate certificate_verify finished'],
  ['client-sends-key-update-before-finished', 'TLSv1.3', 'change_cipher_spec certificate certificate_verify key_update finished'],
  ['client-sends-end-of-early-data-uninvited', 'TLSv1.3', 'change_cipher_spec end_of_early_data certificate certificate_verify finished'],
  ['client-sends-data-before-finished', 'TLSv1.3', 'change_cipher_spec certificate certificate_verify application_data finished'],
  ['client-compressed-certificate-unasked', 'TLSv1.3', 'change_cipher_spec compressed_certificate certificate_verify finished'],
] as const)('%s sends these messages over %s', ([name, version, names]) => {
  expect(edited(name, version).map((each) => each.name)).toEqual(names.split(' '));
});

test.for([
  ['client-certificate-verify-trailing-octet', 'certificate_verify', '04030004a1a2a3a400'],
  ['client-certificate-verify-length-beyond', 'certificate_verify', '04030005a1a2a3a4'],
  ['client-certificate-verify-empty', 'certificate_verify', ''],
  ['client-signature-empty', 'certificate_verify', '04030000'],
  ['client-signature-truncated', 'certificate_verify', '04030003a1a2a3'],
  ['client-signature-padded', 'certificate_verify', '04030005a1a2a3a400'],
  ['client-signature-ecdsa-zero', 'certificate_verify', '040300083006020100020100'],
  ['client-certificate-list-too-long', 'certificate', '0000000e000002aabb0000000001cc0000'],
  ['client-certificate-list-too-short', 'certificate', '0000000c000002aabb0000000001cc0000'],
  ['client-certificate-entry-too-long', 'certificate', '0000000d00000baabb0000000001cc0000'],
  ['client-certificate-entry-empty', 'certificate', '00000012000002aabb0000000001cc00000000000000'],
  ['client-certificate-trailing-octet', 'certificate', '0000000d000002aabb0000000001cc000000'],
  ['client-certificate-context-unasked', 'certificate', '07636f6e7465787400000d000002aabb0000000001cc0000'],
  ['client-certificate-extension-unknown', 'certificate', '00000011000002aabb0004fefe0000000001cc0000'],
  ['client-finished-truncated', 'finished', 'f1f2f3'],
  ['client-finished-padded', 'finished', 'f1f2f3f400'],
  ['client-finished-empty', 'finished', ''],
  ['client-finished-of-server', 'finished', 'e1e2'],
] as const)('%s changes these octets of %s', ([name, changed, octets]) => {
  const others = edited(name, 'TLSv1.3').filter((each) => each.name !== changed);

  expect(bodyOf(name, 'TLSv1.3', changed)).toBe(octets);
  expect(others.map((each) => hex(each))).toEqual(usual('TLSv1.3').flatMap((each) => (each.name === changed ? [] : [hex(each)])));
});

test.for([
  ['client-certificate-list-too-long', '00000a000002aabb000001cc'],
  ['client-certificate-entry-too-long', '000009000007aabb000001cc'],
  ['client-certificate-entry-empty', '00000c000002aabb000001cc000000'],
] as const)('%s has no context and no extensions in TLS 1.2', ([name, octets]) => {
  expect(bodyOf(name, 'TLSv1.2', 'certificate')).toBe(octets);
});

test.for([
  ['client-signature-server-context', 'TLSv1.3', 'server CertificateVerify|transcript hash of 32 octets long'],
  ['client-signature-without-context', 'TLSv1.3', 'transcript hash of 32 octets long'],
] as const)('%s signs another content', ([name, version, content]) => {
  const body = Buffer.from(bodyOf(name, version, 'certificate_verify'), 'hex');

  expect(body.subarray(0, 2).toString('hex')).toBe('0403');
  expect(verify('sha256', Buffer.from(content), publicKey, body.subarray(4))).toBe(true);
  expect(verify('sha256', Buffer.from(signedContent), publicKey, body.subarray(4))).toBe(false);
});

test.for([
  ['TLSv1.3', (key: Buffer) => `00${length24(key.length + 5)}${length24(key.length)}${key.toString('hex')}0000`], // an entry of the list, with extensions
  ['TLSv1.2', (key: Buffer) => `${length24(key.length)}${key.toString('hex')}`], // no list (RFC 7250 3)
] as const)('a raw public key is the key of the client where its chain is due (%s)', ([version, octets]) => {
  const expected = octets(publicKey.export({ type: 'spki', format: 'der' }));

  expect(bodyOf('client-raw-public-key-unasked', version, 'certificate')).toBe(expected);
  expect(bodyOf('client-raw-public-key-not-selected', version, 'certificate')).toBe(expected);
});

test.for([
  ['TLSv1.3', 'encrypted_extensions', ''],
  ['TLSv1.2', 'server_hello', `0303${'00'.repeat(32)}00c02b00`],
] as const)('a raw public key that the server selects is not a fault (%s)', ([version, name, before]) => {
  const unfitWith = (type: string): string | undefined =>
    flights['client-raw-public-key-not-selected']?.unfit?.({
      ...context(version),
      received: (each) => (each === name ? Buffer.from(`${before}000500130001${type}`, 'hex') : undefined),
    });

  expect(unfitWith('02')).toBe('it selects raw public keys of clients');
  expect(unfitWith('00')).toBeUndefined();
});

function length24(length: number): string {
  return length.toString(16).padStart(6, '0');
}

const plain = certificate['TLSv1.3'];

test.for<[name: ClientFlightFault, algorithm: number, length: number, isHeld: (content: Buffer) => boolean]>([
  ['client-compressed-certificate-wrong-length', 1, 18, (content) => inflateSync(content).equals(plain)],
  ['client-compressed-certificate-too-large', 1, 17, (content) => inflateSync(content).length === 17 + 2 ** 23],
  ['client-compressed-certificate-not-compressed', 1, 17, (content) => content.equals(plain)],
  ['client-compressed-certificate-empty', 1, 17, (content) => content.length === 0],
  ['client-compressed-certificate-algorithm-not-offered', 2, 17, (content) => brotliDecompressSync(content).equals(plain)],
])('%s has algorithm %i, says %i octets, and fills its length', ([name, algorithm, length, isHeld]) => {
  const [body = Buffer.alloc(0), ...others] = compressedBodies(name);

  expect(others).toEqual([]);
  expect([body.readUInt16BE(0), body.readUIntBE(2, 3), body.readUIntBE(5, 3)]).toEqual([algorithm, length, body.length - 8]);
  expect(isHeld(body.subarray(8))).toBe(true);
});

test('client-compressed-certificate-twice sends the same message again', () => {
  const [first, ...others] = compressedBodies('client-compressed-certificate-twice');

  expect(others).toEqual([first]);
});

/** The CompressedCertificates of a flight for a server that takes zlib. */
function compressedBodies(name: ClientFlightFault): Buffer[] {
  const content = deflateSync(plain);
  const body = Buffer.concat([Buffer.from('0001000011', 'hex'), Buffer.from([0, 0, content.length]), content]);
  const request = Buffer.from('000007001b0003020001', 'hex'); // no context; compress_certificate with one algorithm
  const context13: FlightContext = { ...context('TLSv1.3'), received: (of) => (of === 'certificate_request' ? request : undefined) };
  const flight: readonly FlightMessage[] = usual('TLSv1.3').map((each) =>
    each.name === 'certificate' ? { name: 'compressed_certificate', body: () => body } : each,
  );
  const sent = flights[name]?.edits['TLSv1.3']?.client?.(flight, context13) ?? [];
  return sent.filter((each) => each.name === 'compressed_certificate').map((each) => Buffer.from(each.body(context13)));
}

test('a Finished in the clear has the same octets, and no keys', () => {
  const [before, after] = [edited('client-finished-truncated', 'TLSv1.3'), edited('client-finished-in-the-clear', 'TLSv1.3')];

  expect(after.map(({ name, keys }) => [name, keys])).toEqual(before.map(({ name }) => [name, name === 'finished' ? 'none' : undefined]));
  expect(bodyOf('client-finished-in-the-clear', 'TLSv1.3', 'finished')).toBe(finished.toString('hex'));
});

test.for(['TLSv1.3', 'TLSv1.2'] as const)('a scheme of another kind of RSA key is named over the usual signature in %s', (version) => {
  const body = Buffer.from(bodyOf('client-scheme-of-another-rsa-key', version, 'certificate_verify'), 'hex');

  expect(body.subarray(0, 2).toString('hex')).toBe('0809');
  expect(verify('sha256', Buffer.from(signedContent), publicKey, body.subarray(4))).toBe(true);
});

const signedContent = 'client CertificateVerify|transcript hash of 32 octets long';

/** The flight as a conforming client would send it. */
function usual(version: TlsVersion): FlightMessage[] {
  const exchange = version === 'TLSv1.2' ? [message('client_key_exchange', '20')] : [];
  const changeCipherSpec = message('change_cipher_spec', '01');
  const proof = [
    { name: 'certificate', body: () => certificate[version] } as const,
    ...exchange,
    { name: 'certificate_verify', body: () => certificateVerify } as const,
  ];
  const end = { name: 'finished', body: () => finished } as const;
  return version === 'TLSv1.3' ? [changeCipherSpec, ...proof, end] : [...proof, changeCipherSpec, end];
}

function message(name: MessageName, octets: string): FlightMessage {
  return { name, body: () => Buffer.from(octets, 'hex') };
}

function edited(name: ClientFlightFault, version: TlsVersion): readonly FlightMessage[] {
  const edit = flights[name]?.edits[version]?.client;
  return edit ? edit(usual(version), context(version)) : [];
}

function bodyOf(name: ClientFlightFault, version: TlsVersion, of: MessageName): string {
  const found = edited(name, version).find((each) => each.name === of);
  return found ? hex(found, version) : 'not sent';
}

function hex(each: FlightMessage, version: TlsVersion = 'TLSv1.3'): string {
  return Buffer.from(each.body(context(version))).toString('hex');
}

/** What an edit may ask for. */
function context(version: TlsVersion, flight: FlightName = 'client'): FlightContext {
  return {
    side: 'client',
    flight,
    version,
    handshake: 1,
    agreed: { resumed: false, cipherSuite: 'TLS_AES_128_GCM_SHA256' },
    credential: { certificates: [], privateKey },
    sent: () => undefined,
    received: (name) => (name === 'finished' ? Buffer.from('e1e2', 'hex') : undefined),
    transcript: () => Buffer.alloc(0),
    transcriptHash: () => Buffer.from('transcript hash of 32 octets long'),
    signedContent: () => Buffer.from(signedContent),
    verifyData: () => finished,
    signatureScheme: () => 'ecdsa_secp256r1_sha256',
    sign: ({ content = Buffer.from(signedContent), hash = 'sha256', key = privateKey } = {}) => sign(hash, content, key),
  };
}

function versionsOf(id: string): readonly string[] {
  return Object.keys(flights[id]?.edits ?? {});
}

/** The kind of key that a row has its valid client made with. */
function keyAskedFor(row: ServerProtocolScenario): string | undefined {
  let asked: string | undefined;
  row.arrange(pki, {
    client: (own, options) => {
      asked = options?.keyAlgorithm;
      return own.client();
    },
    server: (own) => own.server(),
  });
  return asked;
}
