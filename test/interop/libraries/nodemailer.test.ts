import { once } from 'node:events';
import type net from 'node:net';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { describe, onTestFinished } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { handshakeFailure } from '../../../src/handshake/verdict/client-errors/handshake-failure.ts';
import { expect, test } from '../../../src/vitest/index.ts';
import { greetingFor } from './answering-servers.ts';
import type { CallMaterial } from '../node-clients.ts';
import type { ErrorFacts } from './error-facts.ts';
import { type NodeErrorFacts, testLibrary } from './library-suite.ts';
import { startSmtps, startStarttls } from './smtp-servers.ts';

testLibrary('nodemailer with implicit TLS', {
  startServer: (options) => startSmtps(options, 'greets'),
  startFailingServer: (options) => startSmtps(options, 'fails'),
  call: (server, material) => send(server, material, { secure: true }),
  refused: underneath,
  refuses: underneath,
});

testLibrary('nodemailer with STARTTLS', {
  startServer: (options) => startStarttls(options, 'greets'),
  startFailingServer: (options) => startStarttls(options, 'fails'),
  call: (server, material) => send(server, material, { requireTLS: true }),
  refused: underneath,
  refuses: underneath,
});

describe.for([
  ['implicit TLS', true],
  ['STARTTLS', false],
] as const)("smtp-server's own %s, which cannot be observed", ([, secure]) => {
  test.for(['TLSv1.3', 'TLSv1.2'] as const)(
    'hangs up over %s on a client that it refuses, whose error says nothing of it',
    async (version) => {
      const { port, errors } = await startOwn(secure, version);
      const how = { secure, requireTLS: !secure };
      const old = pki.client('old', { notAfter: new Date(Date.now() - 60_000) });

      const answer = await send({ port }, pki.client('alice').tls, how);
      const error = await send({ port }, old.tls, how).catch((reason: unknown) => reason);
      const withoutCertificate = send({ port }, { ca: pki.anchors }, how);

      expect(answer).toBe('hello alice');
      expect(error).toMatchObject(
        version === 'TLSv1.3'
          ? { code: 'ECONNECTION', message: 'Connection closed unexpectedly' }
          : { code: 'ESOCKET', originalCode: 'ECONNRESET' },
      );
      expect(handshakeFailure(error)).toBeUndefined();
      expect(errors).toContain('CERT_HAS_EXPIRED');
      // OpenSSL itself refuses a client without certificate, and says so.
      await expect(withoutCertificate).toFailHandshake({
        by: 'server',
        alert: version === 'TLSv1.3' ? 'certificate_required' : 'handshake_failure',
      });
    },
  );
});

const pki = createPki({ name: 'mail' });

async function startOwn(
  secure: boolean,
  version: 'TLSv1.3' | 'TLSv1.2',
): Promise<{ readonly port: number; readonly errors: readonly unknown[] }> {
  const errors: unknown[] = [];
  let greeting = '';
  const server = new SMTPServer({
    ...pki.server().serverTls,
    minVersion: version,
    maxVersion: version,
    secure,
    authOptional: true,
    onSecure: (socket, _session, done) => {
      greeting = greetingFor(socket);
      done();
    },
    onData: (message, _session, done) => void message.resume().once('end', () => done(null, greeting)),
  });
  server.on('error', ({ code }: NodeJS.ErrnoException) => errors.push(code));
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as net.AddressInfo; // it listens on TCP
  return { port, errors };
}

async function send(
  { port }: { readonly port: number },
  tls: CallMaterial,
  how: { readonly secure?: boolean; readonly requireTLS?: boolean },
): Promise<string> {
  const transport = createTransport({ host: 'localhost', port, tls, ...how });
  try {
    const { response } = await transport.sendMail({ from: 'alice@client.test', to: 'bob@server.test', text: 'hello' });
    return response.replace('250 ', '');
  } finally {
    transport.close();
  }
}

/** Node's error with another code, and its own one in `originalCode`. */
function underneath(own: NodeErrorFacts): ErrorFacts {
  return { ...own, code: 'ESOCKET', originalCode: own.code };
}
