import { describe, expect, test } from 'vitest';
import {
  encodeCertificateRequest,
  encodeCertificates,
  encodeDigitalSignature,
  readCertificateRequest,
  readCertificates,
  readDigitalSignature,
} from '../../../../src/wire/engine/tls12/certificate-messages.ts';
import {
  encodeClientKeyExchange,
  encodeServerKeyExchange,
  encodeServerParameters,
  readClientKeyExchange,
  readServerKeyExchange,
} from '../../../../src/wire/engine/tls12/key-exchange.ts';
import { encodeNewSessionTicket, readNewSessionTicket } from '../../../../src/wire/engine/tls12/new-session-ticket.ts';

const publicKey = Buffer.alloc(32, 9);
const signature = Buffer.alloc(64, 8);

// The octets are laid out by hand after the RFC's definitions.
describe.for([
  {
    name: 'ServerKeyExchange (RFC 8422 5.4)',
    encoded: encodeServerKeyExchange({ parameters: encodeServerParameters(0x1d, publicKey), scheme: 0x0807, signature }),
    octets: `03001d20${'09'.repeat(32)}08070040${'08'.repeat(64)}`,
    read: readServerKeyExchange,
    fields: { group: 0x1d, publicKey, scheme: 0x0807, signature, parameters: Buffer.from(`03001d20${'09'.repeat(32)}`, 'hex') },
  },
  {
    name: 'ClientKeyExchange (RFC 8422 5.7)',
    encoded: encodeClientKeyExchange(publicKey),
    octets: `20${'09'.repeat(32)}`,
    read: readClientKeyExchange,
    fields: publicKey,
  },
  {
    name: 'Certificate (RFC 5246 7.4.2)',
    encoded: encodeCertificates([Uint8Array.of(1, 2), Uint8Array.of(3)]),
    octets: '000009000002010200000103',
    read: readCertificates,
    fields: [Buffer.of(1, 2), Buffer.of(3)],
  },
  {
    name: 'CertificateRequest (RFC 5246 7.4.4)',
    encoded: encodeCertificateRequest({ schemes: [0x0403, 0x0804], authorities: [Uint8Array.of(0x30, 0)] }),
    octets: '020140000404030804000400023000',
    read: readCertificateRequest,
    fields: { types: [1, 64], schemes: [0x0403, 0x0804], authorities: [Buffer.of(0x30, 0)] },
  },
  {
    name: 'CertificateVerify (RFC 5246 7.4.8)',
    encoded: encodeDigitalSignature({ scheme: 0x0403, signature: Uint8Array.of(1, 2, 3) }),
    octets: '04030003010203',
    read: readDigitalSignature,
    fields: { scheme: 0x0403, signature: Buffer.of(1, 2, 3) },
  },
  {
    name: 'NewSessionTicket (RFC 5077 3.3)',
    encoded: encodeNewSessionTicket({ lifetimeSeconds: 7200, ticket: Uint8Array.of(7, 7) }),
    octets: '00001c2000020707',
    read: readNewSessionTicket,
    fields: { lifetimeSeconds: 7200, ticket: Buffer.of(7, 7) },
  },
])('$name', ({ encoded, octets, read, fields }) => {
  test('has the octets of the RFC, and is read as what was written', () => {
    expect(encoded.toString('hex')).toBe(octets);
    expect(read(encoded)).toEqual(fields);
  });

  test('is malformed where it is cut off anywhere, and with an octet behind its end', () => {
    const cuts = Array.from({ length: encoded.length }, (_, length) => read(encoded.subarray(0, length)));

    expect(cuts.filter((found) => found !== undefined)).toEqual([]);
    expect(read(Buffer.concat([encoded, Uint8Array.of(0)]))).toBeUndefined();
  });
});

test('a ServerKeyExchange of explicit curve parameters is not read', () => {
  const encoded = encodeServerKeyExchange({ parameters: encodeServerParameters(0x1d, publicKey), scheme: 0x0807, signature });
  encoded[0] = 1;

  expect(readServerKeyExchange(encoded)).toBeUndefined();
});
