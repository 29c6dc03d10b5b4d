import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { observe } from '../../../../src/index.ts';
import { client, pki } from '../../user-server.ts';

const servers = {
  tls: (options: tls.TlsOptions): tls.Server => tls.createServer(options, (socket) => void socket.on('error', () => {}).end()),
  https: (options: tls.TlsOptions): tls.Server => https.createServer(options),
  http2: (options: tls.TlsOptions): tls.Server => http2.createSecureServer(options),
} as const;
const kinds = ['tls', 'https', 'http2'] as const;
const alpn = { tls: 'echo', https: 'http/1.1', http2: 'h2' } as const;
const preshared = Buffer.alloc(16, 0x5a);
const ways = [
  ['bare', () => {}],
  ['observed', (server: tls.Server) => void observe(server, { rejection: 'silent' })],
] as const;

describe.for(kinds.flatMap((kind) => ways.map(([how, arrange]) => [kind, how, arrange] as const)))(
  'a %s server, %s',
  ([kind, , arrange]) => {
    test('has the facts of the socket in tlsClientError of a client that speaks no TLS', async () => {
      const seen = Promise.withResolvers<object>();
      const { server, port } = await listening(servers[kind](pki.server().serverTls), arrange);
      server.on('tlsClientError', (_error, socket) => seen.resolve(factsOf(socket, server)));

      const socket = net.connect(port, '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {}).resume();
      socket.write('HELP\r\n\r\n');

      expect(await seen.promise).toEqual(facts(port, socket));
    });

    test.for([
      [
        'pskCallback',
        { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const,
        { pskCallback: () => ({ psk: preshared, identity: 'one' }), checkServerIdentity: () => undefined },
      ],
      ['SNICallback', pki.server().serverTls, client.tls],
      ['ALPNCallback', pki.server().serverTls, client.tls],
    ] as const)('has them in %s', async ([name, options, ofClient]) => {
      const seen = Promise.withResolvers<object>();
      const own: { server?: tls.Server } = {};
      const see = (socket: tls.TLSSocket): void => seen.resolve(factsOf(socket, own.server));
      const callbacks = {
        pskCallback(socket: tls.TLSSocket): Buffer {
          see(socket);
          return preshared;
        },
        SNICallback(this: tls.TLSSocket, _name: string, callback: (error: null, context?: tls.SecureContext) => void): void {
          see(this);
          callback(null);
        },
        ALPNCallback(this: tls.TLSSocket): string {
          see(this);
          return alpn[kind];
        },
      };
      const it = await listening(servers[kind]({ ...options, [name]: callbacks[name] }), arrange);
      own.server = it.server;

      const socket = tls.connect({
        ...ofClient,
        port: it.port,
        host: '127.0.0.1',
        servername: 'localhost',
        ALPNProtocols: [alpn[kind]],
        ...('ciphers' in options && name === 'pskCallback' && options),
      });
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {}).resume();

      expect(await seen.promise).toEqual(facts(it.port, socket));
    });
  },
);

/** What the server knows of the connection, as the client knows it. */
function facts(port: number, { localPort }: net.Socket): object {
  const address = '127.0.0.1';
  return {
    remoteAddress: address,
    remotePort: localPort,
    remoteFamily: 'IPv4',
    localAddress: address,
    localPort: port,
    localFamily: 'IPv4',
    address: { address, family: 'IPv4', port },
    isOfServer: true,
  };
}

function factsOf(socket: tls.TLSSocket, server: tls.Server | undefined): object {
  const { remoteAddress, remotePort, remoteFamily, localAddress, localPort, localFamily } = socket;
  const isOfServer = Reflect.get(socket, 'server') === server;
  return { remoteAddress, remotePort, remoteFamily, localAddress, localPort, localFamily, address: socket.address(), isOfServer };
}

async function listening(
  server: tls.Server,
  arrange: (server: tls.Server) => void,
): Promise<{ readonly server: tls.Server; readonly port: number }> {
  server.on('tlsClientError', () => {});
  arrange(server);
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}
