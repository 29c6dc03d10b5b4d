import { expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { decodeHandshake } from '../../../src/wire/decode/decode-handshake.ts';
import type { DecodedMessage } from '../../../src/wire/decode/decoded-message.ts';
import { handshakesOf, lastHandshakeOf } from '../../../src/wire/decode/handshakes-of.ts';
import { testWith } from '../../interop/judges.ts';
import { opensslClient } from './openssl-client.ts';
import { echo, recordConnection, type RecordedConnection } from './record-connection.ts';

const pki = createPki({ name: 'again' });
const alice = pki.client('alice');

testWith('openssl').for(['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305'])(
  'a renegotiation is a handshake of its own, read with the keys of the one before: %s',
  async (cipher) => {
    const { records, keyLog } = await visit(['-tls1_2', '-cipher', cipher, '-servername', 'www.test'], { renegotiates: true });

    const messages = decodeHandshake(records, { keyLog: keyLog.join('') });
    const handshakes = handshakesOf(messages);

    expect(handshakes).toHaveLength(2);
    expect(handshakes.flat()).toEqual(messages);
    for (const [index, handshake] of handshakes.entries()) {
      expect(handshake[0]).toMatchObject({ type: 'client_hello', servername: 'www.test', encrypted: index === 1 });
      const sent = handshake.filter((message) => message.type === 'certificate');
      expect(sent.map(({ sentBy, certificates }) => [sentBy, certificates.length])).toEqual([
        ['server', 2],
        ['client', 3], // OpenSSL's command adds the root that it trusts
      ]);
      expect(handshake.filter(({ type }) => type === 'finished')).toHaveLength(2);
      expect(handshake.filter(({ type }) => type === 'encrypted' || type === 'unreadable')).toEqual([]);
    }
    expect(lastHandshakeOf(messages)).toEqual(handshakes[1]);
  },
);

testWith('openssl').for([
  ['TLS 1.2', ['-tls1_2']],
  ['TLS 1.3', ['-tls1_3', '-groups', 'P-256']],
  ['TLS 1.3 with a HelloRetryRequest', ['-tls1_3', '-groups', 'P-521:P-256']],
] as const)('a connection of %s without a renegotiation is one handshake', async ([name, args]) => {
  const { records, keyLog } = await visit(args, { renegotiates: false });

  const messages = decodeHandshake(records, { keyLog: keyLog.join('') });

  expect(messages.filter(({ type }) => type === 'client_hello')).toHaveLength(name.includes('Retry') ? 2 : 1);
  expect(handshakesOf(messages)).toEqual([messages]);
  expect(lastHandshakeOf(messages)).toEqual(messages);
});

test('a hello that the server did not answer is the end of the handshake before', () => {
  const [hello, answer, finished] = [says('client_hello'), says('server_hello'), says('finished')];
  const messages = [hello, answer, finished, hello];

  expect(handshakesOf(messages)).toEqual([[hello, answer, finished], [hello]]);
  expect(lastHandshakeOf(messages)).toEqual([hello, answer, finished]);
  expect(lastHandshakeOf([hello])).toEqual([hello]);
  expect(handshakesOf([])).toEqual([[]]);
});

/** A message of which the type alone counts here. */
function says(type: 'client_hello' | 'server_hello' | 'finished'): DecodedMessage {
  return { type, sentBy: 'client', atMs: 0, encrypted: false } as DecodedMessage; // its other fields are not looked at
}

function visit(args: readonly string[], { renegotiates }: { readonly renegotiates: boolean }): Promise<RecordedConnection> {
  const server = echo({ ...pki.server({ dns: ['localhost', 'www.test'] }).serverTls, ecdhCurve: 'P-256' });
  const steps = [
    { line: 'hello', until: /hello/u },
    ...(renegotiates
      ? [
          { line: 'R', until: /verify return:1/u },
          { line: 'again', until: /again/u },
        ]
      : []),
  ];
  return recordConnection(server, async (endpoint) => opensslClient(endpoint, { identity: alice, args, steps }));
}
