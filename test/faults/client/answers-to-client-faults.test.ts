import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { sendClientFault } from '../../../src/faults/client/send-client-fault.ts';
import { startFaultServer } from '../../../src/faults/server/start-fault-server.ts';
import { insertAfter } from '../../../src/wire/engine/edits.ts';
import type { PeerCheck } from '../../../src/wire/engine/peer-check.ts';
import { runServerHandshake } from '../../../src/wire/engine/run-handshake.ts';
import { credentialOf, outcomeOf } from '../../wire/engine/engine-peers.ts';
import { clientIdentity, listening, only, serverIdentity } from '../node-peers.ts';

describe('data of a server that speaks at once', () => {
  test.for([
    ['is no answer where an alert follows it', new Set<PeerCheck>(), { alert: { name: 'decrypt_error' }, applicationData: false }],
    ['is one where nothing does', new Set<PeerCheck>(['finished-mac']), { applicationData: true }],
  ] as const)('%s', async ([, skipped, outcome]) => {
    const port = await listening(
      net.createServer((socket) => {
        socket.on('error', () => {});
        void greet(socket, skipped);
      }),
    );

    const seen = await sendClientFault(
      { host: '127.0.0.1', port },
      { kind: 'wrong-finished' },
      { identity: clientIdentity, ...only('TLSv1.3') },
    );

    expect(seen).toMatchObject({ ended: 'closed', faultSent: true, ...outcome });
    expect(seen.alert?.name).toBe('alert' in outcome ? outcome.alert.name : undefined);
  });

  /** Sends its greeting with its Finished, before it has read the client's. */
  async function greet(socket: net.Socket, skipped: ReadonlySet<PeerCheck>): Promise<void> {
    const greeting = { name: 'application_data', body: () => Buffer.from('220 ready\r\n'), keys: 'application' } as const;
    const connection = await outcomeOf(
      runServerHandshake(socket, {
        version: 'TLSv1.3',
        credential: credentialOf(serverIdentity),
        requestCertificate: true,
        skipped,
        edits: { server: insertAfter('finished', greeting) },
      }),
    );
    if (!('kind' in connection)) await connection.close();
  }
});

describe('what a server answers in the clear', () => {
  test('is shown where it is HTTP', async () => {
    const port = await listening(net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\nplain HTTP\0to TLS')));

    const outcome = await sendClientFault({ host: '127.0.0.1', port }, { kind: 'plaintext-http' });

    expect(outcome).toMatchObject({ ended: 'closed', plaintextResponse: true, plaintextStatus: 400 });
    expect(outcome.plaintext).toBe('HTTP/1.1 400 Bad Request....plain HTTP.to TLS');
  });

  test.for([
    [
      'is the final status behind interim responses',
      ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early ', 'Hints\r\n\r\nHTTP/1.1 4', '00 Bad Request\r\n\r\n'],
      400,
    ],
    ['is no status where it ends with an interim response', ['HTTP/1.1 100 Continue\r\n\r\n'], undefined],
    ['is no status where it ends within the line', ['HTTP/1.1 2', '00 O'], undefined],
    ['is a status of one that switches protocols', ['HTTP/1.1 101 Switching Protocols\r\n\r\n'], 101],
  ] as const)('%s', async ([, parts, status]) => {
    const port = await listening(
      net.createServer((socket) => {
        for (const part of parts) socket.write(part);
        socket.end();
      }),
    );

    const outcome = await sendClientFault({ host: '127.0.0.1', port }, { kind: 'plaintext-http' });

    expect(outcome.plaintextStatus).toBe(status);
    expect(outcome.plaintextResponse).toBe(status !== undefined);
  });

  test('is shown where it is anything else', async () => {
    await using server = await startFaultServer({ kind: 'banner', text: '220 mail.test\r\n' });

    const outcome = await sendClientFault(server, { kind: 'garbage' }, { timeout: 100 });

    expect(outcome).toMatchObject({ ended: 'still-open', plaintextResponse: false, plaintext: '220 mail.test..', bytesReceived: 15 });
    expect(outcome.plaintextStatus).toBeUndefined();
  });
});
