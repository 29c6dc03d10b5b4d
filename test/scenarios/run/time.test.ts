import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import type tls from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, type ObservedServer, startHttpsServer, startTlsServer } from '../../../src/index.ts';
import { runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import { callServer } from '../../../src/scenarios/run/client/call-server.ts';
import { callPlainly } from '../../../src/scenarios/run/server/plain-client.ts';
import { obtainSession } from '../../../src/scenarios/run/server/sessions.ts';
import { clientScenarios, serverScenarios } from '../../../src/scenarios/catalogue/catalogue.ts';
import { onClient, onServer } from '../protocol/scenario.ts';

const pki = createPki({ name: 'time' });
const open: net.Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});
const expired = clientScenarios.find(({ id }) => id === 'expired-leaf');
const expiredServer = serverScenarios.find(({ id }) => id === 'expired-leaf');
if (!expired || !expiredServer) throw new Error('no such scenarios');

/** A TCP server that does with each connection what it is told to. */
async function serverOf(onConnection: (socket: net.Socket) => void): Promise<{ readonly host: string; readonly port: number }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onConnection(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  open.push(
    Object.assign(server, { close: () => (sockets.forEach((socket) => socket.destroy()), net.Server.prototype.close.call(server)) }),
  );
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }; // it listens on TCP
}

describe('an attempt takes its time-out once', () => {
  const timeout = 600;
  /** Says when: in one process timers are run in the order in which they are due, however busy the machine is. */
  const after = (share: number): Promise<'the client stayed'> =>
    new Promise((resolve) => setTimeout(() => resolve('the client stayed'), share * timeout));

  /** A server of PostgreSQL's that takes most of the time to agree to TLS, and then is silent; says what came first: the client's end, or half of another time-out. */
  async function slowToAgree(): Promise<{ readonly address: { host: string; port: number }; readonly first: Promise<string> }> {
    const { promise: first, resolve } = Promise.withResolvers<string>();
    const address = await serverOf((socket) => {
      resolve(Promise.race([once(socket.resume(), 'close').then(() => 'the client left'), after(1.5)]));
      setTimeout(() => socket.write('S'), timeout * 0.8);
    });
    return { address, first };
  }

  test('where STARTTLS took most of it', async () => {
    const { address, first } = await slowToAgree();

    const attempt = attemptHandshake({ ...address, starttls: 'postgres' }, { timeout, trust: pki.anchors });

    await expect(attempt).rejects.toMatchObject({ code: 'HANDSHAKE_TIMEOUT', facts: { milliseconds: timeout } });
    expect(await first).toBe('the client left');
  });

  test('where STARTTLS took most of it, in a call for what attempts do not do', async () => {
    const { address, first } = await slowToAgree();
    const server = { ...address, servername: 'localhost', starttls: 'postgres' } as const;

    const end = await callPlainly(server, { trust: pki.anchors, version: 'TLSv1.3', timeout }, () => {});

    expect(end).toMatchObject({ kind: 'silence', milliseconds: timeout });
    expect(await first).toBe('the client left');
  });

  test('where a client under test hangs without a connection', async () => {
    const settings = { pki, version: 'TLSv1.3', timeout, startPeer: undefined } as never; // all that is looked at
    const credential = { identity: pki.server(), host: 'localhost', trust: pki.anchors };

    const { promise: over, resolve } = Promise.withResolvers<string>();
    const hang = (): Promise<never> => {
      resolve(after(2)); // counted from the call: starting its server takes what it takes
      return new Promise(() => {});
    };

    const first = await Promise.race([callServer(hang, credential, settings), over]);

    expect(first).toMatchObject({ kind: 'called-server', result: { kind: 'hung' } });
  });
});

describe('what hangs is not judged, and says so', () => {
  const timeout = 400;
  const silent = (): Promise<{ readonly host: string; readonly port: number }> => serverOf((socket) => socket.resume());

  test.for([
    expired,
    onServer('no-client-certificate'),
    onServer('empty-certificate-list-then-data'),
    onServer('resumption-after-expiry'),
    onServer('resumption-without-certificate'),
  ])('a server that never answers: $id', async (scenario) => {
    const target = await silent();

    const results = await Promise.all(
      [false, true].map((controlled) => runScenario(scenario as never, { pki, target, timeout, controlled })),
    ); // a scenario for servers

    for (const { status, message } of results)
      expect({ status, message }).toMatchObject({ status: 'not-judged', message: expect.stringMatching(/within "?400"? ms/u) });
    expect(results[0]?.unsuitable).toBeUndefined();
  });

  test('an attempt that never ends', async () => {
    const result = await runScenario(expired, { pki, target: () => new Promise(() => {}), timeout, controlled: true });

    expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('did not end within the time limit') });
  });

  test('a handshake that was to give a session', async () => {
    await using server = await startTlsServer({ pki });
    const settings = { pki, version: 'TLSv1.3', timeout } as never; // all that is looked at

    expect(await obtainSession(server, pki.client(), settings)).toBeInstanceOf(Buffer);
    expect(await obtainSession(await silent(), pki.client(), settings)).toBe('hung');
  });

  test('a renegotiation that is neither begun nor refused', async () => {
    await using hearing = await startTlsServer({ pki, maxVersion: 'TLSv1.2' });
    const deaf = await deafAfterHandshake(hearing);
    const scenario = onServer('renegotiation-client-initiated-tls12');
    const usual = { pki, version: 'TLSv1.2', controlled: true, expected: { verdict: 'rejected', by: 'server' } } as const;

    const never = await runScenario(scenario, { ...usual, target: deaf, timeout });
    const begun = await runScenario(scenario, { ...usual, target: hearing });

    expect(never).toMatchObject({
      status: 'not-judged',
      message: expect.stringContaining(`neither begun nor refused within ${timeout} ms`),
    });
    expect(begun).toMatchObject({ status: 'unexpected', message: expect.stringContaining('the renegotiation was accepted') });
  });

  test.for(['TLSv1.3', 'TLSv1.2'] as const)('a request over a resumed session that is never answered (%s)', async (version) => {
    let requests = 0;
    await using server = await startHttpsServer(
      (request, response) => {
        requests += 1;
        const { socket } = request as unknown as { readonly socket: tls.TLSSocket }; // it speaks nothing but TLS
        if (!socket.isSessionReused()) response.writeHead(socket.getPeerX509Certificate() ? 200 : 401).end();
      },
      { pki, clientAuth: 'request' },
    );
    const { host, port } = server;

    const result = await runScenario(onServer('resumption-without-certificate'), {
      pki,
      target: { host, port },
      version,
      timeout: 3000,
      controlled: true,
    });

    expect(requests).toBe(3);
    expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('neither answered nor refused') });
    expect(result.unsuitable).toBeUndefined();
  });

  test('a client that hangs is told from one that refuses', async () => {
    const hung = await runScenario(expiredServer, { pki, target: () => new Promise(() => {}), timeout, controlled: true });
    const stalled = await runScenario(onClient('server-stalls'), { pki, target: () => new Promise(() => {}), timeout, controlled: true });

    expect([hung, stalled].map(({ status }) => status)).toEqual(['unexpected', 'unexpected']);
    expect(hung.message).toContain('did not end within the time limit');
  });
});

/** A relay that passes nothing of the client on once the server has sent its second flight, which ends a handshake of TLS 1.2. */
async function deafAfterHandshake(to: ObservedServer): Promise<{ readonly host: string; readonly port: number }> {
  return serverOf((client) => {
    const upstream = net.connect(to.port, to.host).on('error', () => {});
    client.on('close', () => upstream.destroy());
    let flights = 0;
    let last: 'client' | 'server' = 'client';
    upstream.on('data', (chunk) => {
      if (last === 'client') flights += 1;
      last = 'server';
      client.write(chunk);
    });
    client.on('data', (chunk) => {
      last = 'client';
      if (flights < 2) upstream.write(chunk);
    });
  });
}
