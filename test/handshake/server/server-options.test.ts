import tls from 'node:tls';
import { expect, test } from 'vitest';
import { attemptHandshake, createPki, observe, startHttp2Server, startHttpsServer, startTlsServer } from '../../../src/index.ts';

const pki = createPki();
const identity = pki.server();
const handler = (): void => {};

const refused = (value: string, instead: string) =>
  expect.objectContaining({
    code: 'OPTION_INVALID',
    facts: expect.objectContaining({ value, expected: expect.stringContaining(instead) }),
  });

test.for<[option: string, instead: string]>([
  ['quietPeriod', 'clientQuietPeriod'],
  ['crls', 'did you mean "crl"?'],
  ['prot', 'did you mean "port"?'],
  ['hostss', 'did you mean "hosts"?'],
  ['maxHandshake', 'did you mean "maxHandshakes"?'],
  ['trsut', 'did you mean "trust"?'],
  ['key', 'identity, trust and clientAuth'],
  ['requestCert', 'identity, trust and clientAuth'],
  ['passphrase', 'identity'],
  ['context', 'observe'],
  ['timeout', 'handshakeTimeout'],
  ['signal', 'server.close()'],
  ['backlog', 'observe it'],
  ['servername', 'an option of attempts'],
])('no server has the option %s: it is refused with "%s"', async ([name, instead]) => {
  const options = { identity, [name]: undefined };

  await expect(startTlsServer(options)).rejects.toThrow(refused(name, instead));
  await expect(startHttpsServer(handler, options)).rejects.toThrow(refused(name, instead));
  await expect(startHttp2Server(handler, options)).rejects.toThrow(refused(name, instead));
});

test('a PKI is enough: it issues what the server presents, and its clients are accepted', async () => {
  await using server = await startTlsServer({ pki });
  await using web = await startHttpsServer((_request, response) => void response.end(), { pki, identity: undefined });
  await using web2 = await startHttp2Server((_request, response) => void response.end(), { pki, clientAuth: 'none' });

  expect(await attemptHandshake(server, { identity: pki.client() })).toBeAccepted();
  expect(await attemptHandshake(server, { identity: createPki().client(), trust: pki })).toBeRejected({
    by: 'server',
    reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  });
  expect(server.identity?.certificate.subjectAltName).toContain('DNS:localhost');
  expect(await attemptHandshake(web, { identity: pki.client() })).toBeAccepted();
  expect(await attemptHandshake(web2)).toBeAccepted();
});

test('a PKI beside an identity says which clients are accepted', async () => {
  const clients = createPki();
  await using server = await startTlsServer({ pki: clients, identity });

  expect(await attemptHandshake(server, { identity: clients.client(), trust: pki })).toBeAccepted();
  expect(await attemptHandshake(server, { identity: pki.client() })).toBeRejected({
    by: 'server',
    reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  });
});

test('a server needs an identity or a PKI, and neither is anything else', async () => {
  const odd = (options: object) => startTlsServer(options as { readonly pki: typeof pki }); // as a program in JavaScript calls it

  await expect(odd({})).rejects.toThrow(refused('undefined', 'a Pki as the option pki'));
  await expect(odd({ pki: identity })).rejects.toThrow(refused('object', 'createPki()'));
  await expect(odd({ identity: pki })).rejects.toThrow(refused('{ name, root, issuer, permitted }', 'an Identity'));
});

test('onConnection is for TLS servers: the others have a handler', async () => {
  const options = { identity, onConnection: (socket: tls.TLSSocket) => socket.end('hello') };
  await using server = await startTlsServer(options);

  const greeting = new Promise((resolve, reject) => {
    tls
      .connect({ ...pki.client().tls, host: server.host, port: server.port, servername: 'localhost' })
      .once('data', resolve)
      .once('error', reject);
  });

  expect(String(await greeting)).toBe('hello');
  await expect(startHttpsServer(handler, options)).rejects.toThrow(refused('onConnection', 'the handler'));
  await expect(startHttp2Server(handler, options)).rejects.toThrow(refused('onConnection', 'the handler'));
});

test('node:http2 names its protocols itself, and would drop others', async () => {
  await using server = await startHttp2Server(handler, { identity, allowHTTP1: true });
  const client = pki.client();

  expect(await attemptHandshake(server, { identity: client, ALPNProtocols: ['http/1.1'] })).toMatchObject({ alpn: 'http/1.1' });
  await expect(startHttp2Server(handler, { identity, ALPNProtocols: ['http/1.1'] })).rejects.toThrow(
    refused('ALPNProtocols', 'allowHTTP1'),
  );
});

test('options of HTTP are for HTTP servers', async () => {
  const options = { identity, maxHeaderSize: 4096 };
  await using server = await startHttpsServer(handler, options);

  expect(server.handshakes).toEqual([]);
  await expect(startTlsServer(options)).rejects.toThrow(refused('maxHeaderSize', 'startHttpsServer'));
  await expect(startHttpsServer(handler, { identity, allowHTTP1: true } as never)).rejects.toThrow(
    refused('allowHTTP1', 'startHttp2Server'),
  );
});

test('observe passes nothing on, so it has no other options, and no settings that resemble one', () => {
  const server = tls.createServer(identity.serverTls);

  expect(() => observe(server, { quietPeroid: 5 } as never)).toThrow(refused('quietPeroid', 'did you mean "quietPeriod"?'));
  expect(() => observe(server, { ciphers: 'DEFAULT' } as never)).toThrow(refused('ciphers', 'one of'));
  expect(() => observe(server, { crl: pki.crls() } as never)).toThrow(refused('crl', 'context'));
  expect(() => observe(server, { context: { crls: pki.crls() } } as never)).toThrow(refused('crls', 'did you mean "crl"?'));
  expect(() => observe(server, { context: 'text' } as never)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  expect(() => observe(server, { identity: {} } as never)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  expect(observe(server, { context: { ca: pki.anchors, minVersion: 'TLSv1.2', requestCert: true } as never }).trust).toBe(pki.anchors);
});

test("Node's own options are in force", async () => {
  await using server = await startTlsServer({ identity, ALPNProtocols: ['b', 'a'], handshakeTimeout: 2000, keepAlive: true });

  expect(await attemptHandshake(server, { identity: pki.client(), ALPNProtocols: ['a', 'b'] })).toMatchObject({
    verdict: 'accepted',
    alpn: 'b',
  });
});
