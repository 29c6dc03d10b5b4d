import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';
import { Agent, request } from 'undici';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { attemptHandshake, createPki, observe, startHttpsServer, startTlsServer } from '../../../src/index.ts';

const pki = createPki();
const client = pki.client('alice');

describe('an observed server', () => {
  test('is reached by its url, on loopback and a port of its own', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    await using web = await startHttpsServer((_request, response) => void response.end(), { identity: pki.server() });

    expect(server.host).toBe('127.0.0.1');
    expect(server.url).toBe(`tls://localhost:${server.port}`);
    expect(web.url).toBe(`https://localhost:${web.port}`);
    expect(web.port).not.toBe(server.port);
  });

  test('is reached by loopback when it is bound to every address', async () => {
    await using server = await startTlsServer({ identity: pki.server(), host: '::', exposed: true });

    expect(server.url).toBe(`tls://localhost:${server.port}`);
    expect(await attemptHandshake(server, { identity: client })).toBeAccepted();
    expect(await attemptHandshake({ host: '127.0.0.1', port: server.port }, { identity: client })).toBeAccepted();
    expect(await server.nextHandshake()).toMatchObject({ verdict: 'accepted', evidence: 'server-observed' });
    expect(await server.nextHandshake()).toMatchObject({ verdict: 'accepted', evidence: 'server-observed' });
  });

  test('gives a client library what it needs to reach it', async () => {
    await using server = await startTlsServer({ pki });
    await using web = await startHttpsServer((_request, response) => void response.end('welcome'), { pki });
    const agent = new Agent({ connect: web.clientOptions(client) });
    onTestFinished(() => agent.close());

    expect(server.clientOptions()).toEqual({ host: '127.0.0.1', port: server.port, servername: 'localhost', ca: pki.anchors });
    expect(server.clientOptions(client)).toEqual({ ...server.clientOptions(), key: client.keyPem, cert: client.chainPem });
    expect(await answerOf(https.get(web.clientOptions(client)))).toBe('welcome');
    expect(await (await request(web.url, { dispatcher: agent })).body.text()).toBe('welcome');
    await expect(answerOf(https.get(web.clientOptions()))).toFailHandshake({ by: 'server', alert: 'certificate_required' });
  });

  test('has its clients trust what their identity trusts, and cannot name anchors that nothing brought', async () => {
    await using server = await startTlsServer({ pki });
    const other = createPki();
    const bare = observe(tls.createServer(pki.server().serverTls).listen(0, '127.0.0.1'));
    onTestFinished(() => bare.close());
    await once(bare.server, 'listening');

    expect(server.clientOptions(other.client()).ca).toBe(other.anchors);
    expect(bare.clientOptions(client).ca).toBe(pki.anchors);
    expect(() => bare.clientOptions()).toThrow(expect.objectContaining({ code: 'TRUST_MISSING' }));
    expect(() => server.clientOptions(Object(pki))).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });

  test('echoes, unless a handler of connections is given', async () => {
    await using echo = await startTlsServer({ identity: pki.server() });
    await using greeting = await startTlsServer({ identity: pki.server(), onConnection: (socket) => void socket.end('good day') });

    expect(await talk(echo, 'hello')).toBe('hello');
    expect(await talk(greeting, 'hello')).toBe('good day');
  });

  test('hands out each handshake once, in order, those that were there first', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const first = await attemptHandshake(server, { identity: client });
    const second = await attemptHandshake(server, { trust: pki });

    expect(await server.nextHandshake()).toBe(first);
    expect(await server.nextHandshake()).toBe(second);
    const third = server.nextHandshake();
    expect(await attemptHandshake(server, { identity: client })).toBe(await third);
  });

  test('says so when no handshake comes', async () => {
    await using server = await startTlsServer({ identity: pki.server() });

    await expect(server.nextHandshake({ timeout: 20 })).rejects.toMatchObject({
      code: 'NO_HANDSHAKE',
      facts: { milliseconds: 20, seen: 0 },
    });
    expect(await attemptHandshake(server, { identity: client })).toBe(await server.nextHandshake());
  });

  test('records fifty clients at once, each with its own certificate', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const past = new Date(Date.now() - 60_000);

    const handshakes = await Promise.all(
      Array.from({ length: 50 }, (_unused, index) =>
        attemptHandshake(server, { identity: pki.client(`client ${index}`, index % 2 === 0 ? {} : { notAfter: past }) }),
      ),
    );

    handshakes.forEach((handshake, index) => {
      expect(handshake.verdict).toBe(index % 2 === 0 ? 'accepted' : 'rejected');
      expect(handshake).toHaveClientCertificate({ commonName: `client ${index}` });
    });
    expect(new Set(server.handshakes)).toEqual(new Set(handshakes));
  });

  test('works under fake timers', async () => {
    vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'setInterval', 'Date', 'performance', 'hrtime', 'setImmediate'] });
    onTestFinished(() => void vi.useRealTimers());
    await using server = await startTlsServer({ identity: createPki().server() });

    const handshake = await attemptHandshake(server, {
      identity: server.identity?.authority?.issue({ extendedKeyUsage: ['clientAuth'] }) ?? client,
    });
    const timedOut = await server
      .nextHandshake({ timeout: 1 })
      .then(() => server.nextHandshake({ timeout: 5 }))
      .catch((error: unknown) => error);

    expect(handshake).toBeAccepted();
    expect(timedOut).toMatchObject({ code: 'NO_HANDSHAKE' });
  });
});

describe('rotate', () => {
  test('takes another identity for the connections to come', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const before = await attemptHandshake(server, { identity: client });

    server.rotate({ identity: pki.server({ commonName: 'second', dns: 'localhost' }) });
    const after = await attemptHandshake(server, { identity: client });

    expect(before).toHaveServerCertificate({ commonName: 'localhost' });
    expect(after).toBeAccepted();
    expect(after).toHaveServerCertificate({ commonName: 'second' });
    expect(server.identity?.name).toBe('second');
  });

  test('takes other trust anchors, keeping the versions that were set', async () => {
    const other = createPki();
    await using server = await startTlsServer({ identity: pki.server(), minVersion: 'TLSv1.3' });

    server.rotate({ trust: other });

    expect(await attemptHandshake(server, { identity: client })).toBeRejected({
      by: 'server',
      reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    });
    expect(await attemptHandshake(server, { identity: other.client().trusting(pki) })).toBeAccepted();
    expect(await attemptHandshake(server, { identity: other.client().trusting(pki), maxVersion: 'TLSv1.2' })).toBeRejected({
      by: 'server',
      alert: 'protocol_version',
    });
  });

  test('takes a CRL on a running server', async () => {
    const own = createPki();
    const mallory = own.client('mallory');
    await using server = await startTlsServer({ identity: own.server() });
    expect(await attemptHandshake(server, { identity: mallory })).toBeAccepted();

    own.issuer.revoke(mallory);
    server.rotate({ crl: own.crls() });

    expect(await attemptHandshake(server, { identity: mallory })).toBeRejected({
      by: 'server',
      reason: 'CERT_REVOKED',
      alert: 'certificate_revoked',
    });
    expect(await attemptHandshake(server, { identity: own.client() })).toBeAccepted();
  });

  test("needs an identity for a server of the user's that did not say what it presents", async () => {
    const server = tls.createServer(pki.server().serverTls, (socket) => void socket.resume());
    await using owner = observe(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');

    expect(() => owner.rotate({ trust: pki })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    owner.rotate({ identity: pki.server() });
    expect(await attemptHandshake(owner, { identity: client })).toBeAccepted();
  });
});

describe('close', () => {
  test('ends connections that are open and releases the port, once and for all', async () => {
    const server = await startTlsServer({ identity: pki.server() });
    const { port } = server;
    const open = tls.connect({ ...client.tls, port, host: '127.0.0.1', servername: 'localhost' });
    open.on('error', () => {});
    await once(open, 'secureConnect');

    await Promise.all([server.close(), server.close()]);

    expect(open.readyState).not.toBe('connecting');
    await using again = await startTlsServer({ identity: pki.server(), port });
    expect(again.port).toBe(port);
    expect(() => server.url).toThrow(expect.objectContaining({ code: 'SERVER_NOT_LISTENING', facts: { state: 'closed' } }));
    await expect(attemptHandshake(server, { identity: client })).rejects.toMatchObject({ code: 'SERVER_NOT_LISTENING' });
  });

  test('leaves the record readable', async () => {
    const server = await startTlsServer({ identity: pki.server() });
    const handshake = await attemptHandshake(server, { identity: client });

    await server.close();

    expect(server.handshakes).toEqual([handshake]);
    expect(handshake).toHaveClientCertificate({ commonName: 'alice' });
  });

  test('a server that never listened is closed at once', async () => {
    const owner = observe(tls.createServer());

    expect(() => owner.port).toThrow(expect.objectContaining({ code: 'SERVER_NOT_LISTENING', facts: { state: 'not listening' } }));
    await owner.close();
  });
});

describe('a port', () => {
  test('that is taken is refused with its number', async () => {
    await using taken = await startTlsServer({ identity: pki.server() });

    await expect(startTlsServer({ identity: pki.server(), port: taken.port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      facts: { host: '127.0.0.1', ports: String(taken.port) },
    });
  });

  test('of a list is the first that is free, and none is an error', async () => {
    const blocker = net.createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void blocker.close());
    await once(blocker, 'listening');
    const { port: taken } = blocker.address() as AddressInfo;
    const spare = await startTlsServer({ identity: pki.server() });
    const { port: free } = spare;
    await spare.close();

    await using server = await startTlsServer({ identity: pki.server(), port: [taken, free] });

    expect(server.port).toBe(free);
    await expect(startTlsServer({ identity: pki.server(), port: new Set([taken]) })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      facts: { ports: String(taken) },
    });
  });
});

describe('bad options fail before anything opens', () => {
  const identity = pki.server();

  test.for([
    ['no identity', {}, 'OPTION_INVALID'],
    ['an invalid port', { identity, port: -1 }, 'OPTION_INVALID'],
    ['a list of ports that is empty', { identity, port: [] }, 'OPTION_INVALID'],
    ['an invalid port in a list', { identity, port: [1.5] }, 'OPTION_INVALID'],
    ['any port in a list', { identity, port: [0] }, 'OPTION_INVALID'],
    ['a host that cannot be bound', { identity, host: '192.0.2.1' }, 'OPTION_INVALID'],
    ['an unknown clientAuth', { identity, clientAuth: 'maybe' }, 'OPTION_INVALID'],
    ['an unknown rejection', { identity, rejection: 'loud' }, 'OPTION_INVALID'],
    ['a verifyPeer that is not a function', { identity, verifyPeer: 'alice' }, 'OPTION_INVALID'],
    ['requestCert in place of clientAuth', { identity, requestCert: false }, 'OPTION_INVALID'],
    ['trust that is empty, which Node takes for the public roots', { identity, trust: '' }, 'TRUST_MISSING'],
    ['trust that is not PEM, which Node takes for an empty store', { identity, trust: 'CN=root' }, 'PEM_INVALID'],
    ['a CRL that is a certificate', { identity, crl: pki.anchors }, 'PEM_INVALID'],
    ['a cipher that does not exist', { identity, ciphers: 'NONE-SUCH' }, 'OPTION_INVALID'],
  ] as const)('%s', async ([, options, code]) => {
    // As JavaScript users may call it: the types refuse most of these.
    await expect(startTlsServer(options as Parameters<typeof startTlsServer>[0])).rejects.toMatchObject({
      name: 'MtlsFixturesError',
      code,
    });
  });
});

async function talk(server: { readonly host: string; readonly port: number }, words: string): Promise<string> {
  const socket = tls.connect({ ...client.tls, host: server.host, port: server.port, servername: 'localhost' });
  socket.write(words);
  const [data] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return data.toString();
}

/** The body of the answer. */
async function answerOf(call: ClientRequest): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    call.on('response', resolve).on('error', reject);
  });
  return text(response);
}
