import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPki, type Identity, type ObservedServer, startTlsServer } from '../../src/index.ts';
import type { RelayOptions } from '../../src/relay/relay-options.ts';
import { startRelay } from '../../src/relay/start-relay.ts';
import { temporaryFolder, type TemporaryFolder } from '../interop/temporary-folder.ts';

const pki = createPki();

async function served(
  options: Partial<RelayOptions> = {},
): Promise<{ server: ObservedServer; relay: Awaited<ReturnType<typeof startRelay>> }> {
  const server = await startTlsServer({ pki });
  const relay = await startRelay({ to: { host: server.host, port: server.port }, ...options });
  onTestFinished(async () => {
    await relay.close();
    await server.close();
  });
  return { server, relay };
}

function folder(): TemporaryFolder {
  const made = temporaryFolder();
  onTestFinished(() => made[Symbol.dispose]());
  return made;
}

/** A plain client of Node's that sends a line and leaves after the answer. */
function call(port: number, identity: Identity | undefined, { keyLog }: { readonly keyLog?: string } = {}): tls.TLSSocket {
  const own = identity && { key: identity.keyPem, cert: identity.chainPem };
  const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca: pki.anchors, ...own });
  if (keyLog !== undefined) socket.on('keylog', (line) => fs.appendFileSync(keyLog, line));
  socket.on('error', () => {});
  socket.on('secureConnect', () => socket.write('hello'));
  socket.on('data', () => socket.end());
  return socket;
}

describe('with a key log', () => {
  test('a rejection has side, alert and both certificates, and its transcript is decrypted', async () => {
    const keyLog = path.join(folder().path, 'keys.txt');
    const { relay } = await served({ keyLogFile: keyLog });

    call(relay.port, pki.client('alice'), { keyLog });
    const control = await relay.nextHandshake();
    call(relay.port, pki.client('old', { notAfter: new Date(0) }), { keyLog });
    const handshake = await relay.nextHandshake();

    expect(control).toMatchObject({ verdict: 'accepted', evidence: 'decrypted', clientCertificate: { commonName: 'alice' } });
    expect(handshake).toMatchObject({
      verdict: 'rejected',
      rejectedBy: 'server',
      alert: { name: 'certificate_expired', sentBy: 'server' },
      clientCertificate: { commonName: 'old' },
      serverCertificate: { commonName: 'localhost' },
    });
    expect(handshake.explain()).toMatch(/Certificate .*old/u);
    expect(relay.problems).toEqual([]);
  });

  test('secrets that are written a little after the connection has ended are waited for', async () => {
    const keyLog = path.join(folder().path, 'keys.txt');
    const { relay } = await served({ keyLogFile: keyLog });
    const lines: Buffer[] = [];

    const socket = call(relay.port, pki.client('old', { notAfter: new Date(0) }));
    socket.on('keylog', (line) => lines.push(line));
    socket.once('close', () => setTimeout(() => fs.writeFileSync(keyLog, Buffer.concat(lines)), 100)); // both waits are of this process: the shorter one ends first

    expect(await relay.nextHandshake()).toMatchObject({ evidence: 'decrypted', alert: { name: 'certificate_expired' } });
    expect(relay.problems).toEqual([]);
  });

  test('one that has nothing of the connection is reported, and the verdict follows from the records', async () => {
    const files = folder();
    const cases = [
      [path.join(files.path, 'absent.txt'), 'it cannot be read'],
      [files.write('empty.txt', ''), 'it is empty'],
      [files.write('half.txt', 'CLIENT_RAND'), 'it holds half a line'],
      [files.write('other.txt', `CLIENT_TRAFFIC_SECRET_0 ${'ab'.repeat(32)} ${'cd'.repeat(32)}\n`), 'is this one'],
    ] as const;
    for (const [keyLogFile, problem] of cases) {
      const { relay } = await served({ keyLogFile });
      call(relay.port, pki.client('old', { notAfter: new Date(0) }));

      const { verdict, rejectedBy, evidence, alert } = await relay.nextHandshake();

      expect({ verdict, rejectedBy, evidence, alert }).toEqual({
        verdict: 'rejected',
        rejectedBy: 'server',
        evidence: 'record-shape',
        alert: undefined,
      });
      expect(relay.problems).toEqual([expect.objectContaining({ code: 'KEY_LOG_UNUSABLE', message: expect.stringContaining(problem) })]);
    }
  });
});

describe('what has no handshake, and what cannot be judged', () => {
  test('a connection without an octet is neither', async () => {
    const { relay } = await served();

    const probe = net.connect(relay.port, '127.0.0.1');
    await once(probe, 'connect');
    probe.end();
    await once(probe.resume(), 'close');
    call(relay.port, pki.client('alice'));
    await relay.nextHandshake();

    expect(relay.handshakes).toHaveLength(1);
    expect(relay.problems).toEqual([]);
  });

  test('a server that is down is CONNECT_FAILED, and the client is reset', async () => {
    const gone = net.createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo; // it listens on a port
    gone.close();
    await using relay = await startRelay({ to: { port } });

    const client = net.connect(relay.port, '127.0.0.1');
    client.on('error', () => {});
    await new Promise((resolve) => client.once('close', resolve));

    expect(relay.problems).toEqual([expect.objectContaining({ code: 'CONNECT_FAILED' })]);
    expect(relay.handshakes).toEqual([]);
  });

  test('a client that does not speak TLS is NOT_TLS', async () => {
    const { relay } = await served();

    const client = net.connect(relay.port, '127.0.0.1').on('error', () => {});
    client.end('GET / HTTP/1.0\r\n\r\n');
    await once(client.resume(), 'close');

    await expect.poll(() => relay.problems.map(({ code }) => code)).toEqual(['NOT_TLS']);
  });

  test('a connection that is cut before the client can be judged is CONNECTION_CUT', async () => {
    const { relay } = await served({ faults: { server: { cutAfter: 50, reset: true } } });

    const client = call(relay.port, pki.client('alice'));
    await new Promise((resolve) => client.once('close', resolve));

    expect(relay.problems).toEqual([expect.objectContaining({ code: 'CONNECTION_CUT' })]);
    expect(relay.handshakes).toEqual([]);
  });
});

test('no octet is changed, in either direction, with pauses of the receiver', async () => {
  const length = 24 * 1024 * 1024;
  const sent = { client: randomBytes(length), server: randomBytes(length) };
  const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const receive = async (socket: net.Socket): Promise<string> => {
    const hash = createHash('sha256');
    socket.on('data', (chunk) => hash.update(chunk)); // an iterator would destroy the socket at the end, with what it still has to send
    await once(socket, 'end');
    return hash.digest('hex');
  };
  const upstream = net.createServer({ allowHalfOpen: true });
  const atServer = new Promise<string>((resolve) => {
    upstream.once('connection', (socket) => {
      resolve(receive(socket));
      socket.end(sent.server);
    });
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  onTestFinished(() => void upstream.close());
  await using relay = await startRelay({ to: { port: (upstream.address() as AddressInfo).port } }); // it listens on a port

  const client = net.connect({ port: relay.port, host: '127.0.0.1', allowHalfOpen: true });
  client.end(sent.client);

  expect(await receive(client)).toBe(digest(sent.server));
  expect(await atServer).toBe(digest(sent.client));
});

test('a late refusal is waited for: a delay of the way does not make an acceptance of it', async () => {
  const { relay } = await served({ faults: { server: { delay: 150 }, client: { delay: 150 } } });

  call(relay.port, pki.client('old', { notAfter: new Date(0) }));

  expect(await relay.nextHandshake()).toMatchObject({ verdict: 'rejected', rejectedBy: 'server' });
});

test('TLS is found behind text in the clear', async () => {
  const server = await startTlsServer({ pki });
  const upstream = net.createServer((socket) => {
    socket.write('220 ready\r\n');
    socket.once('data', () => {
      socket.write('220 go ahead\r\n');
      server.server.emit('connection', socket);
    });
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  onTestFinished(async () => {
    upstream.close();
    await server.close();
  });
  await using relay = await startRelay({ to: { port: (upstream.address() as AddressInfo).port }, starttls: true }); // it listens on a port

  const raw = net.connect(relay.port, '127.0.0.1');
  await once(raw, 'data');
  raw.write('STARTTLS\r\n');
  await once(raw, 'data');
  const identity = pki.client('alice');
  const socket = tls.connect({ socket: raw, servername: 'localhost', ca: pki.anchors, key: identity.keyPem, cert: identity.chainPem });
  socket.on('secureConnect', () => socket.write('hello'));
  socket.on('data', () => socket.end());

  expect(await relay.nextHandshake()).toMatchObject({ verdict: 'accepted', servername: 'localhost', protocol: 'TLSv1.3' });
});

test.for([
  ['with close_notify', 'TLSv1.3', true],
  ['with close_notify', 'TLSv1.3', false],
  ['with close_notify', 'TLSv1.2', false],
  ['without a word', 'TLSv1.3', true],
  ['without a word', 'TLSv1.3', false],
  ['without a word', 'TLSv1.2', false],
  ['without close_notify, after data', 'TLSv1.3', true],
  ['without close_notify, after data', 'TLSv1.3', false],
  ['without close_notify, after data', 'TLSv1.2', false],
] as const)('a client leaves first %s: %s, with a key log: %s', async ([how, version, hasKeys]) => {
  const keyLog = path.join(folder().path, 'keys.txt');
  const { relay } = await served(hasKeys ? { keyLogFile: keyLog } : {});
  const raw = net.connect(relay.port, '127.0.0.1');
  const { keyPem: key, certificatePem: cert } = pki.client('alice');
  const chain = { key, cert: cert + pki.issuer.certificatePem, ca: pki.anchors, servername: 'localhost', maxVersion: version };
  const socket = tls.connect({ socket: raw, ...chain });
  if (hasKeys) socket.on('keylog', (line) => fs.appendFileSync(keyLog, line));
  socket.on('error', () => {});
  socket.once(version === 'TLSv1.2' ? 'secureConnect' : 'session', () => {
    if (how === 'without a word') raw.end();
    // Not at once: Node 22.23 and 24.21 lose what is written from within this event, the close_notify too.
    else if (how === 'with close_notify') setImmediate(() => socket.end());
    else setImmediate(() => socket.write('hello', () => raw.end()));
  });

  // The close_notify by which the server answers is no refusal; a client that used the connection for nothing has refused, as wget and MariaDB's client do.
  expect(await relay.nextHandshake()).toMatchObject({
    protocol: version,
    ...(how === 'without a word' ? { verdict: 'rejected', rejectedBy: 'client' } : { verdict: 'accepted' }),
  });
});

test('closing ends the connections, the waiters, and the port', async () => {
  const { relay } = await served();
  const client = net.connect(relay.port, '127.0.0.1').on('error', () => {});
  await once(client, 'connect');
  const waiting = relay.nextHandshake().catch((error: unknown) => error);
  const closed = new Promise((resolve) => client.once('close', resolve));

  await relay.close();
  await closed;

  expect(await waiting).toMatchObject({ code: 'SERVER_NOT_LISTENING' });
});

test.for<[options: unknown, option: string]>([
  [{}, 'to'],
  [{ to: { port: 0 } }, 'to'],
  [{ to: { port: 1 }, keyLogFile: 7 }, 'keyLogFile'],
  [{ to: { port: 1 }, faults: { server: { delay: -1 } } }, 'delay'],
  [{ to: { port: 1 }, keylogFile: 'x' }, 'relay option'],
])('%j is refused before anything opens', async ([options, option]) => {
  const refused = startRelay(options as RelayOptions).catch((error: unknown) => error); // as JavaScript may call it

  expect(await refused).toMatchObject({ code: 'OPTION_INVALID', facts: { option } });
});
