// What the engine sends, read by the decoder of captures with the engine's own key log.
import { duplexPair } from 'node:stream';
import { expect, test } from 'vitest';
import { decodeHandshake } from '../../../../src/wire/decode/decode-handshake.ts';
import { recordsOf } from '../../../../src/wire/records/tls-record.ts';
import { runClientHandshake, runServerHandshake } from '../../../../src/wire/engine/run-handshake.ts';
import type { ClientOptions, ServerOptions } from '../../../../src/wire/engine/peer-options.ts';
import { Capture } from '../../../../src/wire/tap/capture.ts';
import { clientCredential, serverCredential } from '../engine-peers.ts';

/** A handshake, data both ways and a change of keys: the messages as the decoder reads them with the key log of either side. */
async function decoded(client: Partial<ClientOptions>, server: Partial<ServerOptions>): Promise<Record<'client' | 'server', string[]>> {
  const capture = new Capture();
  const [clientEnd, clientWire] = duplexPair();
  const [serverEnd, serverWire] = duplexPair();
  clientWire.on('data', (bytes: Buffer) => {
    capture.add('client', bytes);
    serverWire.write(bytes);
  });
  serverWire.on('data', (bytes: Buffer) => {
    capture.add('server', bytes);
    clientWire.write(bytes);
  });
  const lines: Record<'client' | 'server', string[]> = { client: [], server: [] };
  const [ofServer, ofClient] = await Promise.all([
    runServerHandshake(serverEnd, {
      version: 'TLSv1.3',
      credential: serverCredential,
      onKeyLog: (line) => void lines.server.push(line),
      ...server,
    }),
    runClientHandshake(clientEnd, {
      version: 'TLSv1.3',
      credential: clientCredential,
      onKeyLog: (line) => void lines.client.push(line),
      ...client,
    }),
  ]);
  await ofClient.updateKeys();
  await ofClient.write(Buffer.from('question'));
  await ofServer.read();
  await ofServer.write(Buffer.from('answer'));
  await ofClient.read();
  const records = recordsOf(capture.chunks);
  const read = (keyLog: readonly string[]): string[] =>
    decodeHandshake(records, { keyLog: keyLog.join('\n') }).map(({ sentBy, type }) => `${sentBy} ${type}`);
  return { client: read(lines.client), server: read(lines.server) };
}

test('every message is read, by the key log of either side', async () => {
  const { client, server } = await decoded({}, { requestCertificate: true, tickets: true });

  expect(client).toEqual([
    'client client_hello',
    'server server_hello',
    'server change_cipher_spec',
    'server encrypted_extensions',
    'server certificate_request',
    'server certificate',
    'server certificate_verify',
    'server finished',
    'client change_cipher_spec',
    'client certificate',
    'client certificate_verify',
    'client finished',
    'server new_session_ticket',
    'client key_update',
    'client application_data',
    'server application_data',
  ]);
  expect(server).toEqual(client);
});

test('so are those after a HelloRetryRequest', async () => {
  const { client, server } = await decoded({ cipherSuites: ['TLS_CHACHA20_POLY1305_SHA256'] }, { helloRetry: 'group' });

  expect(client.slice(0, 5)).toEqual([
    'client client_hello',
    'server hello_retry_request',
    'server change_cipher_spec',
    'client client_hello',
    'server server_hello',
  ]);
  expect(client.slice(-2)).toEqual(['client application_data', 'server application_data']);
  expect(server).toEqual(client);
});
