import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import tls from 'node:tls';
import {
  attemptHandshake,
  createPki,
  inspectCertificate,
  observe,
  writeFiles,
  type Handshake,
  type Identity,
  type IdentityFiles,
} from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';

// #region service
/** A service that reads key, certificate and trust anchors from files: at the start, and whenever `reload` is called, by a signal or a watcher. */
function createService(files: IdentityFiles): { readonly server: tls.Server; readonly reload: () => void } {
  const read = (): tls.SecureContextOptions => ({
    key: readFileSync(files.key),
    cert: readFileSync(files.cert),
    ca: readFileSync(files.ca),
  });
  const server = tls.createServer({ ...read(), requestCert: true, rejectUnauthorized: true }, (socket) => socket.pipe(socket));
  return { server, reload: () => server.setSecureContext(read()) };
}

function overwrite(files: IdentityFiles, { keyPem, chainPem, anchors }: Identity): void {
  writeFileSync(files.key, keyPem);
  writeFileSync(files.cert, chainPem);
  writeFileSync(files.ca, anchors);
}
// #endregion

const serialNumberOf = ({ certificate }: Identity): string => inspectCertificate(certificate).serialNumber;

test('new connections get the new certificate, open ones go on', async () => {
  // #region reload
  const pki = createPki();
  const [old, renewed] = [pki.server(), pki.server()];
  using files = writeFiles(old);
  const { server, reload } = createService(files);
  await using service = observe(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const alice = pki.client('alice');
  const open = tls.connect(service.clientOptions(alice));
  await once(open, 'secureConnect');

  overwrite(files, renewed);
  const before = await attemptHandshake(service, { identity: alice });
  reload();
  const after = await attemptHandshake(service, { identity: alice });

  expect(before).toHaveServerCertificate({ serialNumber: serialNumberOf(old) });
  expect(after).toHaveServerCertificate({ serialNumber: serialNumberOf(renewed) });
  open.write('still served');
  expect(String(await once(open, 'data'))).toBe('still served');
  // #endregion
  open.destroy();
});

test('files that do not fit together change nothing', async () => {
  // #region half-written
  const pki = createPki();
  const old = pki.server();
  using files = writeFiles(old);
  const { server, reload } = createService(files);
  await using service = observe(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');

  writeFileSync(files.key, pki.server().keyPem); // the new key, still with the old certificate

  expect(reload).toThrow(expect.objectContaining({ code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' }));
  const handshake = await attemptHandshake(service, { identity: pki.client('alice') });
  expect(handshake).toBeAccepted();
  expect(handshake).toHaveServerCertificate({ serialNumber: serialNumberOf(old) });
  // #endregion
});

test('a CA that is no longer trusted keeps the connections that it has', async () => {
  // #region other-ca
  const [pki, next] = [createPki(), createPki()];
  using files = writeFiles(pki.server());
  const { server, reload } = createService(files);
  await using service = observe(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const accepted: tls.TLSSocket[] = [];
  server.on('secureConnection', (socket) => accepted.push(socket));
  const alice = pki.client('alice');
  const open = tls.connect(service.clientOptions(alice));
  await once(open, 'secureConnect');
  open.write('first');
  await once(open, 'data');

  overwrite(files, next.server());
  reload();

  expect(await attemptHandshake(service, { identity: next.client('alice') })).toBeAccepted();
  const rejected = await attemptHandshake(service, { identity: alice, trust: next });
  expect(rejected).toBeRejected({ by: 'server', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', alert: 'unknown_ca' });
  open.write('second');
  expect(String(await once(open, 'data'))).toBe('second');

  for (const socket of accepted) socket.end(); // a service that must not go on with the old CA ends them itself; https has closeAllConnections()
  await once(open, 'end');
  // #endregion
});

test.for(['TLSv1.3', 'TLSv1.2'] as const)(
  'sessions of a CA that is no longer trusted are resumed where the server has ticketKeys (%s)',
  async (version) => {
    const [pki, next] = [createPki(), createPki()];
    const alice = pki.client('alice');
    const secondVisit = async (options: tls.TlsOptions, newKeys?: Buffer): Promise<Handshake | undefined> => {
      const server = tls.createServer({ ...pki.server().serverTls, ...options }, (socket) => socket.end('served'));
      await using service = observe(server);
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const visit = async (session?: Buffer): Promise<Buffer | undefined> => {
        const socket = tls.connect({ ...service.clientOptions(alice), minVersion: version, maxVersion: version, session });
        const sessions: Buffer[] = [];
        socket.on('session', (each) => void sessions.push(each)).on('error', () => {}); // the record has the reason
        await new Promise((resolve) => socket.resume().once('close', resolve));
        return sessions.at(-1);
      };

      const session = await visit();
      server.setSecureContext({ ...pki.server().serverTls, ca: next.anchors });
      if (newKeys) server.setTicketKeys(newKeys); // after setSecureContext, which makes the context
      await visit(session);
      return service.handshakes.at(-1);
    };

    const rejected = { verdict: 'rejected', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', resumed: false };
    expect(await secondVisit({})).toMatchObject(rejected);
    expect(await secondVisit({ ticketKeys: randomBytes(48) })).toMatchObject({ verdict: 'accepted', resumed: true });
    expect(await secondVisit({ ticketKeys: randomBytes(48) }, randomBytes(48))).toMatchObject(rejected);
  },
);
