import type net from 'node:net';
import { SMTPServer } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { attemptHandshake, createPki, type Handshake, type ObservedServer } from '../../src/index.ts';
import type { AttemptOptions, Endpoint } from '../../src/handshake/attempt/attempt-options.ts';
import { inOnePiece, octetByOctet, type Script, startClearTextServer, willing } from '../wire/starttls/clear-text-server.ts';
import { client, echoServer, observed, pki } from './user-server.ts';

const protocols = ['postgres', 'mysql', 'smtp', 'imap', 'ldap', 'pop3', 'ftp', 'nats'] as const;
const versions = ['TLSv1.3', 'TLSv1.2'] as const;
const cases = protocols.flatMap((protocol) => versions.map((version) => [protocol, version] as const));
const otherPki = createPki();

/** An observed TLS server, and one in front of it that speaks clear text until TLS may begin. */
async function startServer(
  protocol: (typeof protocols)[number],
  {
    script = willing(protocol),
    say = inOnePiece,
    upgrade,
  }: { readonly script?: Script; readonly say?: typeof inOnePiece; readonly upgrade?: (socket: net.Socket) => void } = {},
): Promise<{ endpoint: Required<Endpoint>; direct: Endpoint; tlsServer: ObservedServer; sockets: readonly net.Socket[] }> {
  const tlsServer = await observed(echoServer());
  const front = await startClearTextServer(script, {
    say,
    upgrade: upgrade ?? ((socket) => void tlsServer.server.emit('connection', socket)),
  });
  onTestFinished(() => front[Symbol.asyncDispose]());
  const { host, port, sockets } = front;
  return {
    endpoint: { host, port, servername: 'localhost', starttls: protocol },
    direct: { host: tlsServer.host, port: tlsServer.port, servername: 'localhost' },
    tlsServer,
    sockets,
  };
}

function only(version: (typeof versions)[number]): AttemptOptions {
  return { minVersion: version, maxVersion: version };
}

/** What has to be the same with and without a prologue in clear text. */
function judgement({ verdict, rejectedBy, reason, alert, evidence, protocol, cipher, serverCertificate }: Handshake): object {
  return { verdict, rejectedBy, reason, alert: alert?.name, evidence, protocol, cipher, server: serverCertificate?.fingerprint256 };
}

describe.for(cases)('%s, %s', ([protocol, version]) => {
  test('a good client is let in, as both ends see it and as without STARTTLS', async () => {
    const { endpoint, direct, tlsServer } = await startServer(protocol);

    const handshake = await attemptHandshake(endpoint, { identity: client, ...only(version) });
    const record = await tlsServer.nextHandshake();
    const without = await attemptHandshake(direct, { identity: client, ...only(version) });

    expect(handshake).toBeAccepted();
    expect(record).toBeAccepted();
    expect(record).toMatchObject({ protocol: version, cipher: handshake.cipher, clientAuthenticated: true });
    expect(record).toHaveClientCertificate({ commonName: 'alice' });
    expect(judgement(handshake)).toEqual(judgement(without));
  });

  test.for([
    ['of an unknown CA', { identity: otherPki.client().trusting(pki) }, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown_ca'],
    ['that has expired', { identity: pki.client('late', { notAfter: new Date(0) }) }, 'CERT_HAS_EXPIRED', 'certificate_expired'],
    [
      'that is missing',
      { trust: pki },
      'PEER_DID_NOT_RETURN_A_CERTIFICATE',
      version === 'TLSv1.3' ? 'certificate_required' : 'handshake_failure',
    ],
  ] as const)(
    'a certificate %s is refused by the server, as both ends see it and as without STARTTLS',
    async ([, options, reason, alert]) => {
      const { endpoint, direct, tlsServer } = await startServer(protocol);

      const handshake = await attemptHandshake(endpoint, { ...options, ...only(version) });
      const record = await tlsServer.nextHandshake();
      const without = await attemptHandshake(direct, { ...options, ...only(version) });

      expect(handshake).toBeRejected({ by: 'server', alert });
      expect(record).toBeRejected({ by: 'server', reason, alert });
      expect(judgement(handshake)).toEqual(judgement(without));
    },
  );

  test('a server of an unknown CA is refused by the client', async () => {
    const { endpoint, tlsServer } = await startServer(protocol);

    const handshake = await attemptHandshake(endpoint, { identity: client, trust: otherPki, ...only(version) });
    const record = await tlsServer.nextHandshake();

    expect(handshake).toBeRejected({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    expect(record).toBeRejected({ by: 'client' });
  });
});

describe.for(protocols)('%s', (protocol) => {
  test('a server that speaks octet by octet is understood', async () => {
    const { endpoint } = await startServer(protocol, { say: octetByOctet });

    expect(await attemptHandshake(endpoint, { identity: client })).toBeAccepted();
  });

  test('what comes with the go-ahead in the clear is not a verdict, and no ClientHello answers it', async () => {
    const received: Buffer[] = [];
    const { endpoint, sockets } = await startServer(protocol, {
      script: willing(protocol, Buffer.from('15030300020228', 'hex')),
      upgrade: (socket) => void socket.on('data', (bytes: Buffer) => received.push(bytes)),
    });

    // In the form of an alert: a TLS engine would take it for the server's refusal.
    await expect(attemptHandshake(endpoint, { identity: client })).rejects.toMatchObject({
      code: 'STARTTLS_FAILED',
      facts: { host: endpoint.host, port: endpoint.port, protocol, problem: 'sent more in the clear after its go-ahead for TLS' },
    });

    await closed(sockets[0]);
    expect(received).toEqual([]);
  });

  test('clear text where TLS was to begin is not a verdict', async () => {
    const { endpoint } = await startServer(protocol, {
      upgrade: (socket) => void socket.once('data', () => socket.write('503 bad sequence of commands\r\n')),
    });

    await expect(attemptHandshake(endpoint, { identity: client })).rejects.toMatchObject({
      code: 'STARTTLS_FAILED',
      facts: { protocol, problem: 'went on in the clear after its go-ahead for TLS', answer: '503 bad sequence of commands..' },
    });
  });

  test('a server that leaves after its go-ahead is not a verdict', async () => {
    const { endpoint } = await startServer(protocol, { upgrade: (socket) => void socket.once('data', () => socket.end()) });

    await expect(attemptHandshake(endpoint, { identity: client })).rejects.toMatchObject({ code: 'CLOSED_BEFORE_TLS' });
  });

  test('a server that falls silent after its go-ahead is left within the bound', async () => {
    const { endpoint } = await startServer(protocol, { upgrade: (socket) => void socket.resume() });

    await expect(attemptHandshake(endpoint, { identity: client, timeout: 150 })).rejects.toMatchObject({ code: 'HANDSHAKE_TIMEOUT' });
  });

  test('a server that never answers is left within the bound', async () => {
    const { endpoint } = await startServer(protocol, { script: async () => {}, upgrade: () => {} });

    await expect(attemptHandshake(endpoint, { identity: client, timeout: 100 })).rejects.toMatchObject({
      code: 'STARTTLS_FAILED',
      facts: { problem: expect.stringMatching(/^said nothing within \d{2,3} ms$/u) },
    });
  });
});

test('a server that speaks TLS at once does not understand the question, which is not a verdict', async () => {
  const tlsServer = await observed(echoServer());
  const { host, port } = tlsServer;

  const control = await attemptHandshake({ host, port, servername: 'localhost' }, { identity: client });

  expect(control).toBeAccepted();
  await expect(
    attemptHandshake({ host, port, servername: 'localhost', starttls: 'postgres' }, { identity: client, timeout: 500 }),
  ).rejects.toThrow(
    /^Cannot start TLS with .*: it closed the connection before TLS could begin; .*leave starttls out where TLS comes first$/u,
  );
});

test('a server that requires STARTTLS is recognized where it was not asked for', async () => {
  const { endpoint } = await startServer('smtp');
  const { host, port } = endpoint;

  await expect(attemptHandshake({ host, port }, { identity: client })).rejects.toMatchObject({ code: 'NOT_TLS' });
});

test('nothing listens: no connection, whatever it was to be for', async () => {
  const front = await startClearTextServer(willing('smtp'));
  await front[Symbol.asyncDispose]();
  const { host, port } = front;

  await expect(attemptHandshake({ host, port, starttls: 'smtp' }, { identity: client })).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
});

describe('bad input fails before anything opens', () => {
  // Typed loosely: the types forbid all of it.
  const wrong: readonly (readonly [string, object, object, string])[] = [
    ['an unknown protocol', { starttls: 'gopher' }, {}, 'starttls'],
    ['a name that every object has', { starttls: 'toString' }, {}, 'starttls'],
    ['the protocol as an option', {}, { starttls: 'smtp' }, 'attempt option'],
  ];

  test.for(wrong)('%s', async ([, target, options, option]) => {
    let connections = 0;
    await using server = await startClearTextServer(async () => void (connections += 1));
    const { host, port } = server;
    const attempt = attemptHandshake({ host, port, ...target }, { identity: client, ...options });

    await expect(attempt).rejects.toMatchObject({ code: 'OPTION_INVALID', facts: { option } });
    expect(connections).toBe(0);
  });
});

describe.for(versions)('smtp-server of Nodemailer, %s', (version) => {
  test('judges as its TLS does', async () => {
    const endpoint = await startSmtpServer();

    const good = await attemptHandshake(endpoint, { identity: client, ...only(version) });
    const none = await attemptHandshake(endpoint, { trust: pki, ...only(version) });
    const untrusted = await attemptHandshake(endpoint, { identity: otherPki.client().trusting(pki), ...only(version) });

    expect(good).toBeAccepted();
    expect(good).toHaveServerCertificate({ commonName: 'localhost' });
    expect(none).toBeRejected({ by: 'server', alert: version === 'TLSv1.3' ? 'certificate_required' : 'handshake_failure' });
    // Plain Node refuses what it cannot verify without an alert.
    expect(untrusted).toBeRejected({ by: 'server' });
  });

  test('does not offer STARTTLS where that is switched off', async () => {
    const endpoint = await startSmtpServer(['STARTTLS']);

    await expect(attemptHandshake(endpoint, { identity: client, ...only(version) })).rejects.toMatchObject({
      code: 'STARTTLS_REFUSED',
      facts: { protocol: 'smtp', answer: expect.stringMatching(/^250-.*PIPELINING/u) },
    });
  });
});

async function closed(socket: net.Socket | undefined): Promise<void> {
  if (socket?.closed === false) await new Promise((resolve) => socket.once('close', resolve));
}

async function startSmtpServer(disabledCommands: string[] = []): Promise<Endpoint> {
  const server = new SMTPServer({ ...pki.server().serverTls, authOptional: true, disabledCommands, logger: false });
  server.on('error', () => {}); // a refused client is one for it
  const port = await new Promise<number>((resolve) => {
    const listener = server.listen(0, '127.0.0.1', () => resolve((listener.address() as net.AddressInfo).port)); // it listens on TCP
  });
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { host: '127.0.0.1', port, servername: 'localhost', starttls: 'smtp' };
}
