import { describe, expect, test } from 'vitest';
import type { ClientOffer } from '../../../src/wire/hello/client-offer.ts';
import { encodeServerHello, encodeTls12ServerHello } from '../../../src/wire/hello/encode-server-hello.ts';
import { plaintextHandshakeMessages } from '../../../src/wire/handshake-messages.ts';
import { serverHelloOf } from '../../../src/wire/hello/hello.ts';
import { recordsOf, type TlsRecord } from '../../../src/wire/records/tls-record.ts';

const offer: ClientOffer = {
  sessionId: Buffer.alloc(32, 5),
  cipherSuites: [0x2a2a, 0x1302, 0x1301, 0x00ff, 0xc030],
  versions: [0x0304, 0x0303],
  keyShareGroups: [0x11ec, 29],
  extensions: new Set([23]),
};

function records(bytes: Uint8Array): TlsRecord[] {
  return recordsOf([{ sentBy: 'server', atMs: 0, bytes }]);
}

function bodyOf(bytes: Uint8Array): Buffer {
  return Buffer.from(plaintextHandshakeMessages(records(bytes), 'server')[0]?.body ?? []);
}

// That clients take these hellos is tested in test/faults, by Node and OpenSSL.
describe('a ServerHello', () => {
  test('of TLS 1.3 chooses what was offered, and sends the session id back', () => {
    const hello = encodeServerHello(offer);

    expect(serverHelloOf(records(hello))).toEqual({ version: 'TLSv1.3', cipherSuite: 0x1302, group: 'x25519' });
    expect(bodyOf(hello).subarray(34, 67)).toEqual(Buffer.from([32, ...offer.sessionId]));
  });

  test.for([
    ['no TLS 1.3 is offered', { versions: [0x0303] }],
    ['no suite of TLS 1.3 is offered', { cipherSuites: [0xc030] }],
    ['no key share can be answered', { keyShareGroups: [0x11ec] }],
  ] as const)('is of TLS 1.2 where %s', ([, change]) => {
    const hello = encodeServerHello({ ...offer, ...change });

    expect(serverHelloOf(records(hello))).toEqual({ version: 'TLSv1.2', cipherSuite: 0xc030 });
    expect(bodyOf(hello)[34], 'a session id of its own would be a resumption').toBe(0);
  });

  test('of TLS 1.2 ends its random as given', () => {
    const body = bodyOf(encodeTls12ServerHello(offer, Buffer.from('DOWNGRD\u{1}', 'latin1')));

    expect(body.subarray(26, 34).toString('latin1')).toBe('DOWNGRD\u{1}');
    expect(body.subarray(2, 26)).not.toEqual(bodyOf(encodeTls12ServerHello(offer)).subarray(2, 26));
  });

  test.for([
    ['the signal', { extensions: new Set<number>() }, 'ff01000100'],
    ['the extension', { cipherSuites: [0xc030], extensions: new Set([0xff01]) }, 'ff01000100'],
    ['neither', { cipherSuites: [0xc030], extensions: new Set<number>() }, '0000'],
  ] as const)('of TLS 1.2 speaks of secure renegotiation where the client did: %s', ([, change, end]) => {
    expect(bodyOf(encodeTls12ServerHello({ ...offer, ...change })).toString('hex')).toMatch(new RegExp(`${end}$`, 'u'));
  });
});
