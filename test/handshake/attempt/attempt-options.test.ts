import dns from 'node:dns';
import net from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, type ObservedServer, startTlsServer } from '../../../src/index.ts';

const pki = createPki();
const identity = pki.client();
let server: ObservedServer;
let endpoint: tls.Server;
let port: number;
const sockets: tls.TLSSocket[] = [];
beforeAll(async () => {
  server = await startTlsServer({ identity: pki.server() });
  endpoint = tls.createServer(pki.server({ dns: 'service.internal.test', ip: ['127.0.0.1', '::1'] }).serverTls, (socket) => {
    sockets.push(socket.on('error', () => {}).resume());
  });
  endpoint.listen(0, '127.0.0.1');
  await new Promise((resolve) => endpoint.once('listening', resolve));
  ({ port } = endpoint.address() as net.AddressInfo); // it listens on a port
});
afterAll(async () => {
  await server.close();
  endpoint.close();
});

/** Answers every question with these addresses, and notes what was asked. */
function resolver(addresses: readonly dns.LookupAddress[]) {
  const asked: { readonly host: string; readonly options: dns.LookupOptions }[] = [];
  const lookup: net.LookupFunction = (host, options, answer) => {
    asked.push({ host, options });
    const [first] = addresses;
    if (options.all === true) answer(null, [...addresses]);
    else answer(null, first?.address ?? '', first?.family);
  };
  return { asked, lookup };
}

describe('options of net.connect', () => {
  test('lookup finds a host that no other resolver knows, and its name is verified', async () => {
    const { asked, lookup } = resolver([{ address: '127.0.0.1', family: 4 }]);
    const target = { host: 'service.internal.test', port };

    expect(await attemptHandshake(target, { identity, lookup })).toMatchObject({
      verdict: 'accepted',
      servername: 'service.internal.test',
    });
    expect(asked.map(({ host }) => host)).toEqual(['service.internal.test']);
    await expect(attemptHandshake(target, { identity })).rejects.toThrow(expect.objectContaining({ code: 'HOST_NOT_FOUND' }));
  });

  test('an error of lookup is a host that was not found, whatever it is called', async () => {
    const lookup: net.LookupFunction = (_host, _options, answer) => {
      answer(new Error('the zone is empty'), '');
    };

    await expect(attemptHandshake({ host: 'service.internal.test', port }, { identity, lookup })).rejects.toThrow(
      expect.objectContaining({ code: 'HOST_NOT_FOUND', facts: { host: 'service.internal.test', reason: 'the zone is empty' } }),
    );
  });

  test('family and hints reach lookup', async () => {
    const { asked, lookup } = resolver([{ address: '127.0.0.1', family: 4 }]);
    const target = { host: 'service.internal.test', port };

    await attemptHandshake(target, { identity, lookup, family: 4, hints: dns.ADDRCONFIG });

    expect(asked.map(({ options }) => options)).toEqual([expect.objectContaining({ family: 4, hints: dns.ADDRCONFIG })]);
  });

  test('autoSelectFamily goes on to an address that answers, and without it there is but the first', async () => {
    const addresses = [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    const target = { host: 'service.internal.test', port };
    const { lookup } = resolver(addresses);

    expect(
      await attemptHandshake(target, { identity, lookup, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1000 }),
    ).toMatchObject({
      verdict: 'accepted',
    });
    await expect(attemptHandshake(target, { identity, lookup, autoSelectFamily: false })).rejects.toThrow(
      expect.objectContaining({ code: 'CONNECT_FAILED' }),
    );
  });

  test.runIf(process.platform === 'linux')('localAddress is where the connection comes from, also to an observed server', async () => {
    const from: (string | undefined)[] = [];
    server.server.once('secureConnection', (socket) => from.push(socket.remoteAddress));

    expect(await attemptHandshake(server, { identity, localAddress: '127.0.0.9' })).toMatchObject({ verdict: 'accepted' });

    expect(from).toEqual(['127.0.0.9']);
  });

  test('localPort is where the connection comes from', async () => {
    const reserved = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => reserved.once('listening', resolve));
    const { port: localPort } = reserved.address() as net.AddressInfo; // as above
    await new Promise((resolve) => reserved.close(resolve));
    const from: (number | undefined)[] = [];
    server.server.once('secureConnection', (socket) => from.push(socket.remotePort));

    await attemptHandshake(server, { identity, localAddress: '127.0.0.1', localPort });

    expect(from).toEqual([localPort]);
  });

  test('a blockList keeps the attempt away', async () => {
    const blockList = new net.BlockList();
    blockList.addAddress('127.0.0.1');
    const target = { host: '127.0.0.1', port, servername: 'service.internal.test' };

    await expect(attemptHandshake(target, { identity, blockList })).rejects.toThrow(
      expect.objectContaining({ code: 'CONNECT_FAILED', facts: expect.objectContaining({ reason: 'ERR_IP_BLOCKED' }) }),
    );
    expect(await attemptHandshake(target, { identity, blockList: new net.BlockList() })).toMatchObject({
      verdict: 'accepted',
    });
  });

  test.for<[what: string, options: object]>([
    ['a localAddress that is not an address', { localAddress: 'nowhere' }],
    ['a localPort out of range', { localPort: 70_000 }],
    ['a lookup that is not a function', { lookup: 'dns' }],
  ])('%s is refused', async ([, options]) => {
    await expect(attemptHandshake({ host: 'localhost', port }, { identity, ...options })).rejects.toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});

test('what is undefined is as if it were left out', async () => {
  const named = 'identity trust crl servername verifyPeer certificateMessage timeout quietPeriod signal minVersion ciphers minDHSize'.split(
    ' ',
  );

  const attempt = await attemptHandshake(server, Object.fromEntries(named.map((name) => [name, undefined])));

  expect(attempt).toMatchObject({ verdict: 'rejected', rejectedBy: 'server', reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE' });
});

test.for<[what: string, signal: unknown]>([
  ['text', 'abort'],
  ['an AbortController', new AbortController()],
  ['null', null],
])('a signal that is %s is refused', async ([, signal]) => {
  await expect(attemptHandshake(server, { identity, signal: signal as never })).rejects.toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'signal', expected: 'an AbortSignal' }) }),
  );
  expect(await attemptHandshake(server, { identity, signal: new AbortController().signal })).toMatchObject({ verdict: 'accepted' });
});

test.for<[options: object, instead: string]>([
  [{ key: 'pem' }, 'identity and trust'],
  [{ ca: 'pem' }, 'identity and trust'],
  [{ host: 'localhost' }, 'the target'],
  [{ passphrase: 'secret' }, 'identity'],
  [{ requestCert: true }, 'an option of servers'],
  [{ clientAuth: 'none' }, 'an option of servers'],
  [{ clientQuietPeriod: 5 }, 'quietPeriod'],
  [{ onread: {} }, 'reads its own connection'],
])('%o is refused with what to use instead', async ([options, instead]) => {
  await expect(attemptHandshake(server, { identity, ...options })).rejects.toThrow(
    expect.objectContaining({
      code: 'OPTION_INVALID',
      facts: expect.objectContaining({ value: Object.keys(options)[0], expected: expect.stringContaining(instead) }),
    }),
  );
});

test('a server within the target is the target itself', async () => {
  await expect(Reflect.apply(attemptHandshake, undefined, [{ server, identity }])).rejects.toThrow(
    'Cannot use target field "server": expected host, port, servername and starttls; server has them: it is the target itself',
  );
});
