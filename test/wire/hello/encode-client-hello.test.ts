import { expect, test } from 'vitest';
import { plaintextHandshakeMessages } from '../../../src/wire/handshake-messages.ts';
import { parseClientOffer } from '../../../src/wire/hello/client-offer.ts';
import { encodeClientHello, type TlsVersion } from '../../../src/wire/hello/encode-client-hello.ts';
import { clientHelloOf } from '../../../src/wire/hello/hello.ts';
import { recordsOf, type TlsRecord } from '../../../src/wire/records/tls-record.ts';

function recordsFor(versions: readonly TlsVersion[], servername = 'localhost'): TlsRecord[] {
  return recordsOf([{ sentBy: 'client', atMs: 0, bytes: encodeClientHello({ servername, versions }) }]);
}

function offerFor(versions: readonly TlsVersion[]): ReturnType<typeof parseClientOffer> {
  const [message] = plaintextHandshakeMessages(recordsFor(versions), 'client');
  return message && parseClientOffer(message.body);
}

// That servers take these hellos is tested in test/faults, by Node and OpenSSL.
test.for([
  [['TLSv1.3', 'TLSv1.2'], '0303'],
  [['TLSv1.3'], '0303'],
  [['TLSv1.2'], '0303'],
  [['TLSv1.1'], '0302'],
  [['TLSv1'], '0301'],
] as const)('a ClientHello for %j is one whole record that offers these versions and no other', ([versions, legacyVersion]) => {
  const records = recordsFor(versions);

  expect(records).toMatchObject([{ type: 'handshake', legacyVersion: '0301' }]);
  expect(records[0]?.note).toBeUndefined();
  // legacy_version goes no further than TLS 1.2 (RFC 8446 4.1.2).
  expect(Buffer.from(records[0]?.fragment.subarray(4, 6) ?? []).toString('hex')).toBe(legacyVersion);
  expect(clientHelloOf(records)).toMatchObject({ servername: 'localhost', versions, alpnProtocols: [] });
});

test.for([
  [['TLSv1.3'], 3, [29, 23], true],
  [['TLSv1.3', 'TLSv1.2'], 9, [29, 23], true],
  [['TLSv1.2'], 6, [], true],
  [['TLSv1.1'], 6, [], false],
] as const)('a ClientHello for %j has the cipher suites and extensions of these versions', ([versions, suites, shares, signs]) => {
  const offer = offerFor(versions);

  expect(offer?.cipherSuites).toHaveLength(suites);
  expect(offer?.keyShareGroups).toEqual(shares);
  expect(offer?.sessionId).toHaveLength(shares.length === 0 ? 0 : 32);
  expect(offer?.extensions.has(13)).toBe(signs);
});

test.for([['127.0.0.1'], ['::1'], ['']])('the address "%s" is not sent as a name', ([servername]) => {
  expect(clientHelloOf(recordsFor(['TLSv1.3'], servername))?.servername).toBeUndefined();
});
