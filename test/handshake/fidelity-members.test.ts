import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { createPki, observe } from '../../src/index.ts';
import { enumerableNames, snapshot } from './socket-snapshot.ts';

const pki = createPki();
const good = pki.client('alice').tls;

/** What differs under observation, and why it may. */
const exceptions: Readonly<Record<string, string>> = {
  _events:
    "Node's own `keylog` listener of the socket is there, as with a `keylog` listener on the server; a raw socket lacks the one by which TLS waits for `connect`",
  _eventsCount: 'as above',
  _peername: 'a cache: the addresses are asked of the raw socket, and remembered there',
  _sockname: 'as above',
  'Symbol(async_id_symbol)': 'a running number of the process',
  'Symbol(kUpdateTimer)': 'a function of its own on each socket',
};

/** What differs while an HTTP/2 session is under way, and no longer once it is closed: how much of its settings has been written by then is a matter of turns. */
const underWay = ['bytesWritten', '_bytesDispatched'];

type Connect = (port: number, version: tls.SecureVersion) => Promise<unknown>;

const leaves = async (options: tls.ConnectionOptions): Promise<void> => {
  const socket = tls.connect({ host: '127.0.0.1', servername: 'localhost', ...options });
  socket.on('error', () => {}).resume();
  await new Promise((resolve) => socket.once('close', resolve));
};
const overTcp = async (port: number, bytes: Buffer): Promise<void> => {
  const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
  socket.on('error', () => {}).resume();
  await new Promise((resolve) => socket.once('close', resolve));
};
const only = (version: tls.SecureVersion): tls.ConnectionOptions => ({ minVersion: version, maxVersion: version });

const failures: readonly (readonly [string, Connect])[] = [
  ['an expired certificate', (port, version) => leaves({ port, ...pki.client('old', { notAfter: new Date(0) }).tls, ...only(version) })],
  ['a certificate of another CA', (port, version) => leaves({ port, ...createPki().client().tls, ca: pki.anchors, ...only(version) })],
  ['no certificate', (port, version) => leaves({ port, ca: pki.anchors, ...only(version) })],
  ['a server that it does not trust', (port, version) => leaves({ port, ...good, ca: createPki().anchors, ...only(version) })],
  ['plain HTTP', (port) => overTcp(port, Buffer.from('GET / HTTP/1.1\r\n\r\n'))],
  ['no cipher in common', (port) => leaves({ port, ...good, maxVersion: 'TLSv1.2', ciphers: 'DHE-RSA-AES128-SHA' })],
];

const successes: Readonly<Record<string, Connect>> = {
  tls: async (port, version) => {
    const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ...good, ...only(version) });
    socket.write('hello'); // and ends when the server has: one order of events in every run
    socket.resume();
    await once(socket, 'close');
  },
  https: (port, version) =>
    new Promise((resolve, reject) => {
      const options = { port, host: '127.0.0.1', servername: 'localhost', agent: false, ...good, ...only(version) };
      https.get(options, (response) => response.resume().on('end', resolve)).on('error', reject);
    }),
  http2: async (port, version) => {
    const session = http2.connect(`https://127.0.0.1:${port}`, { servername: 'localhost', ...good, ...only(version) });
    const request = session.request();
    request.resume();
    await once(request, 'end');
    session.close();
    await once(session, 'close');
  },
};

const servers = ['tls', 'https', 'http2'] as const;
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const outcomes = [['an accepted client', undefined] as const, ...failures];

test.for(servers.flatMap((kind) => versions.flatMap((version) => outcomes.map(([what, fail]) => [kind, version, what, fail] as const))))(
  '%s over %s, with %s: every member of every socket is as on a bare server',
  async ([kind, version, , fail]) => {
    const connect = fail ?? successes[kind];

    const bare = await membersOf(kind, version, connect, () => {});
    const observed = await membersOf(kind, version, connect, (server) => void observe(server, { rejection: 'silent' }));

    expect(Object.keys(observed)).toEqual(Object.keys(bare));
    expect(Object.keys(bare)).toEqual(expect.arrayContaining(fail ? ['connection'] : ['connection', 'secureConnection', 'close']));
    expect(differences(bare, observed, kind === 'http2' ? underWay : [])).toEqual([]);
  },
);

test.for(versions)('over %s, with a client that leaves without close_notify after the server has ended: the same', async (version) => {
  const connect: Connect = async (port) => {
    const raw = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const socket = tls.connect({ socket: raw, servername: 'localhost', ...good, ...only(version) });
    socket.on('end', () => raw.destroy()).resume();
    socket.write('hello');
    await new Promise((resolve) => raw.once('close', resolve));
  };

  const bare = await membersOf('tls', version, connect, () => {});
  const observed = await membersOf('tls', version, connect, (server) => void observe(server));

  expect(bare['end']).toMatchObject({ writableFinished: 'true', localAddress: '127.0.0.1' });
  expect(differences(bare, observed)).toEqual([]);
});

test('a member that differs is found', () => {
  const socket = new net.Socket();
  const before = { connection: snapshot(socket) };

  socket.allowHalfOpen = true;

  expect(differences(before, { connection: snapshot(socket) })).toEqual(['connection allowHalfOpen: false, observed: true']);
});

type Members = Readonly<Record<string, Readonly<Record<string, string>>>>;

async function membersOf(
  kind: (typeof servers)[number],
  version: tls.SecureVersion,
  connect: Connect | undefined,
  arrange: (server: tls.Server) => void,
): Promise<Members> {
  const seen: Record<string, Record<string, string>> = {};
  const see = (when: string, socket: object): void => {
    seen[when] ??= {
      ...snapshot(socket),
      'for in': enumerableNames(socket)
        .filter((name) => !(name in exceptions))
        .join(),
    };
  };
  const server = createServer(kind, see);
  const closed: Promise<unknown>[] = [];
  server.on('connection', (raw) => {
    see('connection', raw);
    closed.push(new Promise((resolve) => raw.once('close', resolve)));
  });
  server.on('secureConnection', (socket) => {
    see('secureConnection', socket);
    // Not `end` of HTTP/2: whether its session is over by then is a matter of turns.
    for (const event of kind === 'http2' ? ['data', 'close'] : ['data', 'end', 'close']) socket.once(event, () => see(event, socket));
  });
  server.on('tlsClientError', (_error, socket) => see('tlsClientError', socket));
  arrange(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await connect?.(port, version);
  await Promise.all(closed); // an HTTP server that is closed destroys sockets that have not written all yet
  await new Promise((resolve) => server.close(resolve));
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate); // the server's last events follow its close by a turn
  return Object.fromEntries(Object.entries(seen).toSorted(([a], [b]) => a.localeCompare(b)));
}

function createServer(kind: (typeof servers)[number], see: (when: string, socket: object) => void): tls.Server {
  const options = { ...pki.server().serverTls, ciphers: tls.DEFAULT_CIPHERS };
  if (kind === 'tls') return tls.createServer(options, (socket) => void socket.on('error', () => {}).once('data', () => socket.end('x')));
  if (kind === 'https')
    return https.createServer(options, (request, response) => {
      see('request.socket', request.socket);
      response.end('x');
    });
  return http2.createSecureServer(options, (request, response) => {
    see('request.socket', request.socket);
    see('session.socket', request.stream.session?.socket ?? {});
    response.end('x');
  });
}

function differences(bare: Members, observed: Members, underWayOnly: readonly string[] = []): string[] {
  return Object.entries(bare).flatMap(([when, members]) => {
    const other = observed[when] ?? {};
    return [...new Set([...Object.keys(members), ...Object.keys(other)])]
      .filter((name) => !(name in exceptions) && (when === 'close' || !underWayOnly.includes(name)) && members[name] !== other[name])
      .map((name) => `${when} ${name}: ${members[name]}, observed: ${other[name]}`);
  });
}
