// A program that may end by a signal: one handshake with a peer whose key is on a curve without a NIST name, printed as JSON.
//   odd-curves.ts server <cert.pem> <key.pem> <ca.pem> <version> <curve>     attempts one with a bare server of that credential, by its name and by another
//   odd-curves.ts client <cert.pem> <key.pem> <ca.pem> <version> <curve>     observes a server that such a client calls, twice: the second resumes the session
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { attemptHandshake, createPki, type Handshake, observe } from '../../../src/index.ts';

const [role = '', certFile = '', keyFile = '', caFile = '', version = '', curve = ''] = process.argv.slice(2);
const [cert, key, ca] = [certFile, keyFile, caFile].map((file) => readFileSync(file, 'utf8'));
const common = { ecdhCurve: `P-256:${curve}`, minVersion: version as tls.SecureVersion, maxVersion: version as tls.SecureVersion }; // given by the test

const handshakes = role === 'server' ? await asServer() : await asClient();
process.stdout.write(
  JSON.stringify(
    handshakes.map(({ verdict, rejectedBy, reason, resumed, clientCertificate, serverCertificate }) => ({
      verdict,
      rejectedBy,
      reason,
      resumed,
      client: clientCertificate?.keyAlgorithm,
      server: serverCertificate?.keyAlgorithm,
    })),
  ),
);

async function asServer(): Promise<Handshake[]> {
  const server = tls.createServer({ cert, key, ...common }, (socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server
  const results: Handshake[] = [];
  for (const servername of ['localhost', 'other.test'])
    results.push(await attemptHandshake({ host: '127.0.0.1', port, servername }, { trust: ca, ...common }));
  server.close();
  return results;
}

async function asClient(): Promise<Handshake[]> {
  const pki = createPki();
  const server = tls.createServer({ ...pki.server().tls, ca, requestCert: true, rejectUnauthorized: false, ...common }, (socket) => {
    socket.end('hello');
  });
  server.listen(0, '127.0.0.1');
  const observed = observe(server);
  await once(server, 'listening');
  const session = await call();
  await call(session);
  const recorded = [...observed.handshakes];
  await observed.close();
  return recorded;

  async function call(resumed?: Buffer): Promise<Buffer | undefined> {
    const { port } = server.address() as AddressInfo; // of a TCP server
    const socket = tls.connect({ port, ca: pki.anchors, cert, key, servername: 'localhost', session: resumed, ...common });
    let last: Buffer | undefined;
    socket.on('session', (ticket) => {
      last = ticket;
    });
    await once(socket.resume(), 'close');
    return last;
  }
}
