import { expect, test } from 'vitest';
import { contentType, contentTypeName } from '../../../src/wire/registry/content-types.ts';
import { extensionName, extensionType } from '../../../src/wire/registry/extension-types.ts';
import { handshakeType, handshakeTypeName } from '../../../src/wire/registry/handshake-types.ts';
import { protocolVersion, versionName } from '../../../src/wire/registry/protocol-versions.ts';

// The numbers are those of the RFCs, written out here: RFC 8446 5.1, 4 and 4.2, RFC 5246 7.4, RFC 8879 4.
test.for([
  ['change_cipher_spec', contentType.change_cipher_spec, 20],
  ['alert', contentType.alert, 21],
  ['handshake', contentType.handshake, 22],
  ['application_data', contentType.application_data, 23],
  ['client_hello', handshakeType.client_hello, 1],
  ['server_hello', handshakeType.server_hello, 2],
  ['certificate', handshakeType.certificate, 11],
  ['server_key_exchange', handshakeType.server_key_exchange, 12],
  ['certificate_verify', handshakeType.certificate_verify, 15],
  ['finished', handshakeType.finished, 20],
  ['compressed_certificate', handshakeType.compressed_certificate, 25],
  ['supported_versions', extensionType.supported_versions, 43],
  ['key_share', extensionType.key_share, 51],
  ['TLSv1.2', protocolVersion['TLSv1.2'], 0x0303],
  ['TLSv1.3', protocolVersion['TLSv1.3'], 0x0304],
] as const)('%s has the number %i', ([, number, expected]) => {
  expect(number).toBe(expected);
});

test('every number has the name that it is listed under, and no two names share one', () => {
  const tables = [
    [contentType, contentTypeName],
    [handshakeType, handshakeTypeName],
    [extensionType, extensionName],
    [protocolVersion, versionName],
  ] as const;

  for (const [numbers, nameOf] of tables) {
    for (const [name, number] of Object.entries(numbers)) expect(nameOf(number)).toBe(name);
    expect(new Set(Object.values(numbers)).size).toBe(Object.keys(numbers).length);
  }
});

test('a number that is not listed has no name: a content type is undefined, others are shown as numbers', () => {
  expect(contentTypeName(25)).toBeUndefined();
  expect(handshakeTypeName(99)).toBe('handshake_99');
  expect(extensionName(0x1234)).toBe('0x1234');
  expect(extensionName(0x2a2a)).toBe('GREASE');
  expect(versionName(0x0305)).toBe('0x0305');
});
