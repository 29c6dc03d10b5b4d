import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { startFaultServer } from '../../../src/faults/server/start-fault-server.ts';
import { encodeClientHello } from '../../../src/wire/hello/encode-client-hello.ts';
import { encodeRecord } from '../../../src/wire/tls-encoding.ts';
import { callUntilBound, callWithNode, clientIdentity, httpRequest, pki, serverIdentity } from '../node-peers.ts';

const hello = encodeClientHello({ servername: 'localhost', versions: ['TLSv1.3', 'TLSv1.2'] });

/** A client of plain TCP that sends some bytes, until its connection is closed: everything that it received. */
async function callWithBytes(
  { host, port }: { readonly host: string; readonly port: number },
  chunks: readonly Uint8Array[],
): Promise<string> {
  const socket = net.connect({ host, port, noDelay: true });
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  socket.on('error', () => {});
  for (const chunk of chunks) socket.write(chunk);
  await new Promise((resolve) => socket.once('close', resolve));
  return received;
}

function open(resource: string): number {
  return process.getActiveResourcesInfo().filter((name) => name === resource).length;
}

describe('a fault server', () => {
  test('says where it is, before and after it is closed', async () => {
    const server = await startFaultServer({ kind: 'stall' });
    const { url, port } = server;

    await server.close();

    expect(server).toMatchObject({ url, host: '127.0.0.1', port, fault: { kind: 'stall' } });
    expect(url).toBe(`https://localhost:${port}`);
    expect(port).toBeGreaterThan(0);
  });

  test('ends two hundred stalled connections at once when it is closed, and leaves nothing behind', async () => {
    const before = { sockets: open('TCPSocketWrap'), servers: open('TCPServerWrap'), timers: open('Timeout') };
    const server = await startFaultServer({ kind: 'stall' }, { timeout: 60_000 });
    const views = Array.from({ length: 200 }, () => callWithNode(server));
    while (server.clientHellos < 200) await new Promise(setImmediate);

    await server.close(); // long before their bound, which is above the test's own
    const errors = (await Promise.all(views)).map(({ error }) => error);

    expect(new Set(errors)).toEqual(new Set(['ECONNRESET']));
    expect(server).toMatchObject({ connections: 200, clientHellos: 200, faultsShown: 200 });
    expect(open('TCPSocketWrap')).toBeLessThanOrEqual(before.sockets);
    expect(open('TCPServerWrap')).toBeLessThanOrEqual(before.servers);
    expect(open('Timeout') - before.timers, 'timers of connections').toBeLessThan(20);
  });

  test('serves several clients at once, each with the same fault', async () => {
    await using server = await startFaultServer({ kind: 'wrong-finished' }, { identity: serverIdentity });

    const views = await Promise.all(Array.from({ length: 20 }, () => callWithNode(server)));
    await server.connectionsEnded();

    expect(new Set(views.map(({ error }) => error))).toEqual(new Set(['ERR_SSL_DIGEST_CHECK_FAILED']));
    expect(server).toMatchObject({ connections: 20, clientHellos: 20, faultsShown: 20, completedHandshakes: 0 });
    expect(server.alerts).toHaveLength(20);
  });

  test('can be closed twice, and while a handshake trickles', async () => {
    const server = await startFaultServer({ kind: 'one-byte-at-a-time' }, { identity: serverIdentity });
    const view = callWithNode(server);
    while (server.clientHellos === 0) await new Promise(setImmediate);

    await Promise.all([server.close(), server.close()]);
    await server.close();

    expect(await view).toMatchObject({ isSecured: false, error: 'ECONNRESET' });
    await server.connectionsEnded();
  });

  test('refuses connections once it is disposed of', async () => {
    const { host, port } = await (async () => {
      await using server = await startFaultServer({ kind: 'stall' });
      return server;
    })();

    const [error] = (await once(net.connect({ host, port }), 'error')) as [NodeJS.ErrnoException];

    expect(error.code).toBe('ECONNREFUSED');
  });

  test('ends a connection on which nothing ever comes when its bound is reached', async () => {
    await using bounded = await startFaultServer({ kind: 'close-after-client-hello' }, { timeout: 150 });
    await using patient = await startFaultServer({ kind: 'close-after-client-hello' }, { timeout: 60_000 });

    const { isPatientOpen } = await callUntilBound((server) => callWithBytes(server, []), { bounded, patient });

    expect(isPatientOpen).toBe(true);
    expect(bounded).toMatchObject({ connections: 1, clientHellos: 0, faultsShown: 0 });
  });

  test('ends a connection whose client goes on after the end of the stream', async () => {
    await using server = await startFaultServer({ kind: 'close-on-connect' }, { timeout: 150 });
    const socket = net.connect({ host: server.host, port: server.port, allowHalfOpen: true });
    socket.resume();
    socket.on('error', () => {});

    await once(socket, 'end');
    socket.write(hello);
    await server.connectionsEnded();
    socket.destroy();

    expect(server).toMatchObject({ connections: 1, clientHellos: 1, faultsShown: 1 });
  });

  test('recognizes a ClientHello in any pieces', async () => {
    await using server = await startFaultServer({ kind: 'alert', alert: 'unknown_ca' });
    const pieces = Array.from(hello, (octet) => Uint8Array.of(octet));

    const received = await callWithBytes(server, pieces);

    expect(Buffer.from(received, 'latin1').toString('hex')).toBe('15030300020230');
    expect(server).toMatchObject({ clientHellos: 1, plaintextConnections: 0 });
  });

  test('recognizes a ClientHello that is cut across records', async () => {
    await using server = await startFaultServer({ kind: 'alert', alert: 'unknown_ca' }, { timeout: 100 });
    const [first, second] = [hello.subarray(5, 60), hello.subarray(60)].map((part) => encodeRecord('handshake', part));

    const half = await callWithBytes(server, [first ?? hello]);
    const whole = await callWithBytes(server, [first ?? hello, second ?? hello]);

    expect([half, whole].map(({ length }) => length)).toEqual([0, 7]);
    expect(server).toMatchObject({ connections: 2, clientHellos: 1 });
  });

  test('does not take half a ClientHello for one', async () => {
    await using server = await startFaultServer({ kind: 'alert', alert: 'unknown_ca' }, { timeout: 100 });

    const received = await callWithBytes(server, [hello.subarray(0, -1)]);

    expect(received).toBe('');
    expect(server).toMatchObject({ connections: 1, clientHellos: 0, faultsShown: 0 });
  });
});

describe('a client that falls back to plaintext', () => {
  test('is served by the plaintext HTTP server, and counted', async () => {
    await using server = await startFaultServer({ kind: 'plaintext-http' });

    const first = await callWithNode(server);
    const response = await fetch(server.url.replace('https', 'http'));

    expect(first.error).toBe('ERR_SSL_WRONG_VERSION_NUMBER');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('plaintext');
    expect(server).toMatchObject({ connections: 2, clientHellos: 1, plaintextConnections: 1, plaintextRequests: 1 });
  });

  test('is counted by every other fault server too, and turned away', async () => {
    await using server = await startFaultServer({ kind: 'alert', alert: 'handshake_failure' });

    const first = await callWithNode(server);
    const retry = await callWithBytes(server, [Buffer.from(httpRequest)]);

    expect(first.message).toContain('SSL alert number 40');
    expect(retry).toBe('');
    expect(server).toMatchObject({ connections: 2, clientHellos: 1, faultsShown: 1, plaintextConnections: 1, plaintextRequests: 1 });
  });

  test('is counted by a real server behind a fault too', async () => {
    await using server = await startFaultServer({ kind: 'wrong-finished' }, { identity: serverIdentity });

    await callWithBytes(server, [Buffer.from(httpRequest)]);

    expect(server).toMatchObject({ connections: 1, clientHellos: 0, faultsShown: 0, plaintextConnections: 1, plaintextRequests: 1 });
  });

  test.for([
    ['another protocol', Buffer.from('EHLO localhost\r\n'), 'HTTP/1.1 400 '],
    ['binary', Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]), 'HTTP/1.1 400 '],
    ['a request in two pieces', Buffer.from(httpRequest), 'HTTP/1.1 200 '],
  ] as const)('is answered like an HTTP server answers %s', async ([, bytes, answer]) => {
    await using server = await startFaultServer({ kind: 'plaintext-http' });

    const received = await callWithBytes(server, [bytes.subarray(0, 5), bytes.subarray(5)]);

    expect(received.slice(0, answer.length)).toBe(answer);
    expect(server).toMatchObject({ plaintextConnections: 1, plaintextRequests: answer.includes('200') ? 1 : 0 });
  });

  test("gets to a ClientHello what Node's own http server answers", async () => {
    await using server = await startFaultServer({ kind: 'plaintext-http' });
    const real = http.createServer((_request, response) => response.end());
    real.listen(0, '127.0.0.1');
    await once(real, 'listening');
    const { port } = real.address() as net.AddressInfo;

    const received = await callWithBytes(server, [hello]);
    const expected = await callWithBytes({ host: '127.0.0.1', port }, [hello]);
    real.close();

    expect(received).toBe(expected);
  });
});

describe('the real server behind a fault', () => {
  test('asks for a certificate, and accepts every client', async () => {
    await using server = await startFaultServer({ kind: 'one-byte-at-a-time' }, { identity: serverIdentity });

    const anonymous = await callWithNode(server, { key: undefined, cert: undefined, ca: pki.anchors });
    const known = await callWithNode(server, clientIdentity.tls);

    expect(anonymous.data).toMatch(/whole$/u);
    expect(known.data).toMatch(/whole$/u);
  });

  test('echoes what is not an HTTP request', async () => {
    await using server = await startFaultServer({ kind: 'one-byte-at-a-time' }, { identity: serverIdentity, timeout: 60_000 });

    const { data, error } = await callWithNode(server, {}, 'ping', 'ping');

    expect({ data, error }).toEqual({ data: 'ping', error: undefined });
  });

  test('hands its connections to onConnection', async () => {
    const seen: (string | false | null)[] = [];
    await using server = await startFaultServer(
      { kind: 'one-byte-at-a-time' },
      {
        identity: serverIdentity,
        ALPNProtocols: ['h2', 'other'],
        onConnection: (socket) => {
          seen.push(socket.alpnProtocol, socket.getPeerCertificate().subject.CN as string);
          socket.end('own answer');
        },
      },
    );

    const { data } = await callWithNode(server, { ALPNProtocols: ['other'] });

    expect(data).toBe('own answer');
    expect(seen).toEqual(['other', 'alice']);
  });

  test('speaks first where it has a greeting', async () => {
    await using server = await startFaultServer(
      { kind: 'close-without-close-notify', greeting: '220 mail.test\r\n' },
      { identity: serverIdentity },
    );

    const view = await callWithNode(server, {}, '');

    expect(view).toMatchObject({ isSecured: true, data: '220 mail.test\r\n', hasEnded: true });
    expect(server.faultsShown).toBe(1);
  });

  test('keeps to the versions that it is given', async () => {
    const options = { identity: serverIdentity, maxVersion: 'TLSv1.2', timeout: 60_000 } as const;
    await using server = await startFaultServer({ kind: 'one-byte-at-a-time' }, options);

    const older = await callWithNode(server);
    const newer = await callWithNode(server, { minVersion: 'TLSv1.3' });
    await server.connectionsEnded();

    expect(older.secrets).toEqual(['CLIENT_RANDOM']);
    expect(newer.message).toContain('SSL alert number 70');
  });
});
