import { once } from 'node:events';
import https from 'node:https';
import type net from 'node:net';
import { type Identity, observe, startTlsServer } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

// #region ws
test('ws, both ends', async ({ pki }) => {
  const web = https.createServer(pki.server().serverTls);
  const sockets = new WebSocketServer({ server: web }); // 'connection' has the request, whose socket has the client's certificate
  await using server = observe(web, { identity: pki.server() });
  await once(web.listen(0, '127.0.0.1'), 'listening');
  const open = ({ tls }: Identity): Promise<unknown> => once(new WebSocket(`wss://localhost:${server.port}`, tls), 'open');

  await open(pki.client('alice'));
  await expect(open(pki.client('old', { notAfter: new Date(0) }))).toFailHandshake({ by: 'server', alert: 'certificate_expired' });

  expect(await server.nextHandshake()).toHaveClientCertificate({ commonName: 'alice' });
  expect(await server.nextHandshake()).toBeRejected({ reason: 'CERT_HAS_EXPIRED' });
  expect(sockets.clients.size).toBe(1);
});
// #endregion

// #region smtps
test('nodemailer, implicit TLS', async ({ pki }) => {
  const mail = new SMTPServer({ secure: true, secured: true, authOptional: true }); // TLS is made by the observed server
  await using server = await startTlsServer({ pki, onConnection: (socket) => mail.connect(socket) });
  const send = ({ tls }: Identity): Promise<unknown> =>
    createTransport({ host: 'localhost', port: server.port, secure: true, tls }).sendMail({
      from: 'a@x.test',
      to: 'b@x.test',
      text: 'hello',
    });

  await send(pki.client('alice'));
  await expect(send(pki.client('old', { notAfter: new Date(0) }))).toFailHandshake({ by: 'server', alert: 'certificate_expired' });

  expect(await server.nextHandshake()).toHaveClientCertificate({ commonName: 'alice' });
});
// #endregion

test('nodemailer with STARTTLS', async ({ pki }) => {
  const mail = new SMTPServer({ ...pki.server().serverTls, authOptional: true });
  mail.on('error', () => {}); // the client leaves
  await once(mail.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => new Promise((resolve) => mail.close(() => resolve())));
  const { port } = mail.server.address() as net.AddressInfo; // it listens on TCP

  // #region starttls
  const send = (tls: Partial<Identity['tls']>): Promise<unknown> =>
    createTransport({ host: 'localhost', port, requireTLS: true, tls }).sendMail({ from: 'a@x.test', to: 'b@x.test', text: 'hello' });

  await send(pki.client('alice').tls);
  await expect(send({ ca: pki.anchors })).toFailHandshake({ by: 'server', alert: 'certificate_required' }); // presents nothing
  // #endregion
});
