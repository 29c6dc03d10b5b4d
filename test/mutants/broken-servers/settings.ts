import { randomBytes } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { observe, type Pki } from '../../../src/index.ts';
import type { ServerConfiguration, StartedServer } from '../../../src/scenarios/run/target.ts';
import { expressServer, fastifyServer, http2Server, httpsServer, mutualTls, reachable, tlsServer } from '../correct-servers.ts';
import type { HandshakeServer, Mutant, RunningServer } from '../mutant.ts';
import { namesServer } from '../own-process/names-server-process.ts';

/** Kept as long as the process lives, as a cluster keeps them. */
const ticketKeys = randomBytes(48);
const storedSessions = new Map<string, Buffer>();

/** Servers whose TLS is configured wrongly. */
export const brokenSettings: readonly Mutant<HandshakeServer | RunningServer>[] = [
  {
    name: 'tls: rejectUnauthorized false',
    mistake: 'It asks for a certificate, and takes any or none.',
    caughtBy: ['unknown-ca', 'expired-leaf', 'no-client-certificate'],
    start: (configuration) => tlsServer({ ...mutualTls(configuration), rejectUnauthorized: false }),
  },
  {
    name: 'https: requestCert false',
    mistake: 'It asks for no certificate.',
    caughtBy: ['no-client-certificate', 'unknown-ca'],
    start: (configuration) => httpsServer({ ...mutualTls(configuration), requestCert: false }),
  },
  {
    name: 'express: strict where a variable says so',
    mistake: 'It verifies only where the environment says so, and it is not set.',
    isNarrow: true,
    caughtBy: ['self-signed-leaf', 'no-client-certificate'],
    start: (configuration) =>
      expressServer({ ...mutualTls(configuration), rejectUnauthorized: process.env['MTLS_FIXTURES_MUTANT_STRICT'] === 'yes' }),
  },
  {
    name: 'https: no check of resumed sessions',
    mistake: 'It checks in its application, and not where the client resumes a session: that one was checked before, it thinks.',
    isNarrow: true,
    caughtBy: ['resumption-without-certificate'],
    start: (configuration) =>
      reachable(
        httpsServer({ ...mutualTls(configuration), rejectUnauthorized: false }, (socket) => socket.isSessionReused() || socket.authorized),
      ),
  },
  {
    name: "https: its own certificate's CA",
    mistake: 'It takes the CA of its own certificate for one of clients, besides those that it is told to trust.',
    isNarrow: true,
    caughtBy: ['resumption-after-anchor-rotation', 'resumption-across-trust-contexts'],
    start: (configuration) => httpsServer({ ...mutualTls(configuration), ca: [configuration.trust, configuration.identity.anchors] }),
  },
  {
    name: 'https: no CRL',
    mistake: 'It does not look at the CRLs that it is given.',
    isNarrow: true,
    caughtBy: ['resumption-after-revocation', 'crl-revoked-leaf', 'crl-revoked-intermediate'],
    start: ({ identity, trust }) => httpsServer(mutualTls({ identity, trust })),
  },
  {
    name: 'fastify: CRLs read once',
    mistake: 'It reads the CRLs when the process starts, and never again.',
    isNarrow: true,
    caughtBy: ['resumption-after-revocation', 'crl-revoked-leaf'],
    start: ((): HandshakeServer['start'] => {
      let read: string[] | undefined;
      return (configuration) => fastifyServer(mutualTls({ ...configuration, crl: (read ??= configuration.crl ?? []) }));
    })(),
  },
  {
    name: 'https: contexts by name not rotated',
    mistake: 'New anchors and CRLs reach its default context, not the one that it chooses by server_name.',
    isNarrow: true,
    caughtBy: ['resumption-after-revocation', 'crl-revoked-leaf'],
    run: runWithContextByName,
  },
  {
    name: 'tls: ticket keys of the cluster',
    mistake: 'Its ticket keys outlive a change of its anchors, so sessions of before are resumed.',
    versions: ['TLSv1.3', 'TLSv1.2'],
    isNarrow: true,
    caughtBy: ['resumption-after-anchor-rotation', 'resumption-across-trust-contexts', 'resumption-after-revocation'],
    start: (configuration) => tlsServer({ ...mutualTls(configuration), ticketKeys }),
  },
  {
    name: 'https: session store of the cluster',
    mistake: 'It resumes any session of a store that servers with other anchors share.',
    versions: ['TLSv1.2'],
    isNarrow: true,
    caughtBy: ['resumption-after-anchor-rotation', 'resumption-across-trust-contexts'],
    start: withStoredSessions,
  },
  {
    name: 'https: agrees to any protocol',
    mistake: 'Its ALPNCallback takes whatever the client names first.',
    isNarrow: true,
    caughtBy: ['alpn-mismatch'],
    start: (configuration) => httpsServer({ ...mutualTls(configuration), ALPNCallback: ({ protocols }) => protocols[0] }),
  },
  {
    name: 'tls: old versions',
    mistake: 'It still speaks TLS 1.0 and 1.1, for an old client.',
    isNarrow: true,
    caughtBy: ['tls10-only', 'tls11-only'],
    start: (configuration) => tlsServer({ ...mutualTls(configuration), minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' }),
  },
  {
    name: 'express: security level 0',
    mistake: 'It allows weak keys and digests in certificates, for an old client.',
    isNarrow: true,
    caughtBy: ['leaf-rsa-md5', 'leaf-rsa1024', 'leaf-rsa-sha1'],
    start: (configuration) => expressServer({ ...mutualTls(configuration), ciphers: 'DEFAULT:@SECLEVEL=0' }),
  },
  {
    name: 'tls and http on one port',
    mistake: 'It serves requests in plaintext on its TLS port.',
    isNarrow: true,
    caughtBy: ['plaintext-http-to-tls'],
    start: (configuration) =>
      behind(tlsServer(mutualTls(configuration)), (first, socket) => {
        if (first[0] === 22) return false;
        socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nok\n');
        return true;
      }),
  },
  {
    name: 'tls: strict for one name',
    mistake: 'It asks for certificates only where the client names the host that has to be protected.',
    isNarrow: true,
    caughtBy: ['sni-unknown-without-certificate', 'sni-absent-without-certificate'],
    start: (configuration) => {
      const lenient = tlsServer({ ...mutualTls(configuration), requestCert: false });
      return behind(tlsServer(mutualTls(configuration)), (first, socket) => {
        if (first.includes('localhost')) return false;
        lenient.emit('connection', socket);
        return true;
      });
    },
  },
  {
    name: 'https: a callback for names that throws',
    mistake: 'Its SNICallback throws for a name that it does not know, and the process ends.',
    stack: 'node',
    timeout: 2000,
    caughtBy: ['sni-unknown', 'valid-peer-afterwards'],
    isNarrow: true, // the first name that it does not know ends it
    start: (configuration) => namesServer(configuration, 'throws'),
  },
  {
    name: 'http2: gives up after a bad client',
    mistake: 'A failed handshake ends the server, as an unhandled error event would.',
    timeout: 2000,
    caughtBy: ['valid-peer-afterwards'],
    meets: ['expired-leaf'],
    start: (configuration) => {
      const server = http2Server(mutualTls(configuration));
      return server.on('tlsClientError', () => server.close());
    },
  },
];

async function runWithContextByName(pki: Pki): ReturnType<RunningServer['run']> {
  const identity = pki.server();
  const options = mutualTls({ identity, trust: pki.anchors });
  const context = tls.createSecureContext(options);
  const server = httpsServer({ ...options, SNICallback: (_name, done) => done(null, context) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return observe(server, { identity, context: { ca: pki.anchors } });
}

/** As the example in the documentation of node:tls. */
function withStoredSessions(configuration: ServerConfiguration): StartedServer {
  const server = httpsServer({ ...mutualTls(configuration), secureOptions: noTickets });
  server.on('newSession', (id: Buffer, data: Buffer, done: () => void) => {
    storedSessions.set(id.toString('hex'), data);
    done();
  });
  server.on('resumeSession', (id: Buffer, done: (error: Error | null, data: Buffer | null) => void) => {
    done(null, storedSessions.get(id.toString('hex')) ?? null);
  });
  return server;
}

/** A TCP server in front that looks at the first bytes of a connection; what `takes` does not take goes to the server behind it. */
function behind(server: tls.Server, takes: (first: Buffer, socket: net.Socket) => boolean): Promise<StartedServer> {
  const front = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('readable', () => {
      const first: unknown = socket.read();
      if (!Buffer.isBuffer(first)) return;
      socket.unshift(first);
      if (!takes(first, socket)) server.emit('connection', socket);
    });
  });
  return reachable(front);
}

const noTickets = 0x4000; // SSL_OP_NO_TICKET
