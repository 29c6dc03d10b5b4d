import { createPrivateKey, X509Certificate } from 'node:crypto';
import net, { type AddressInfo } from 'node:net';
import { decodePem } from '../../../src/asn1/pem.ts';
import { listen } from '../../../src/net/listen.ts';
import type { EngineCredential } from '../../../src/wire/engine/engine-credential.ts';
import type { PeerCheck } from '../../../src/wire/engine/peer-check.ts';
import type { ServerOptions } from '../../../src/wire/engine/peer-options.ts';
import { runServerHandshake } from '../../../src/wire/engine/run-handshake.ts';
import type { Identity } from '../../../src/index.ts';
import type { TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import type { HandshakeServer } from '../mutant.ts';
import { askAgain, firstData, offersSessionOfBoth } from './lowering-server.ts';

/** How a server of the engine for tests differs from a correct one. */
export interface EngineServerOptions extends Partial<
  Pick<ServerOptions, 'requestCertificate' | 'requireCertificate' | 'edits' | 'certificateCompression'>
> {
  readonly version: TlsVersion;
  /** Whether clients that offer TLS 1.3 alone get that; default false. */
  readonly hasTls13?: boolean;
  /** Whether clients may go back to TLS 1.2 after a HelloRetryRequest of TLS 1.3; default false. */
  readonly lowers?: boolean;
  /** The checks that it leaves out. */
  readonly skipped?: readonly PeerCheck[];
}

/** A server of HTTP/1.1 by the engine for tests, which requires a client certificate of its anchors. */
export function engineServer(options: EngineServerOptions): HandshakeServer {
  return { start: (own) => startEngineServer(options, own) };
}

/** The same, started. */
export async function startEngineServer(
  { skipped = [], hasTls13 = false, lowers = false, ...options }: EngineServerOptions,
  { identity, trust }: { readonly identity: Identity; readonly trust: string },
): Promise<{ readonly host: string; readonly port: number; readonly close: () => void }> {
  const anchors = decodePem(trust).map(({ der }) => new X509Certificate(der));
  const set: ServerOptions = {
    credential: credentialOf(identity),
    requestCertificate: true,
    requireCertificate: true,
    tickets: true,
    checkClient: (certificates) => (isTrusted(certificates, anchors) ? undefined : 'unknown_ca'),
    skipped: new Set(skipped),
    ...options,
  };
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    void (lowers ? serveLowered(socket, set) : hasTls13 ? serveBoth(socket, set) : serve(socket, set));
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { host: '127.0.0.1', port, close };
}

/** Answers one request; a client that fails is gone. */
async function serve(socket: net.Socket, options: ServerOptions): Promise<void> {
  try {
    const connection = await runServerHandshake(socket, options);
    if (await connection.read()) await connection.write(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'));
    await connection.close();
  } catch {
    socket.destroySoon();
  }
}

/** Answers in TLS 1.3 where the ClientHello offers it alone. */
async function serveBoth(socket: net.Socket, options: ServerOptions): Promise<void> {
  const hello = await firstData(socket);
  socket.unshift(hello);
  const served = serve(socket, { ...options, ...(hello.includes(tls13Alone) && { version: 'TLSv1.3' }) });
  socket.resume();
  await served;
}

/** Answers in TLS 1.3, but lets a client that offers a session and TLS 1.2 beside it go back to that after a HelloRetryRequest. */
async function serveLowered(socket: net.Socket, options: ServerOptions): Promise<void> {
  const hello = await firstData(socket);
  const isLowered = offersSessionOfBoth(hello);
  if (isLowered) await askAgain(socket.resume(), hello);
  else socket.unshift(hello);
  const served = serve(socket, { ...options, version: isLowered ? 'TLSv1.2' : 'TLSv1.3' });
  socket.resume();
  await served;
}

/** supported_versions with TLS 1.3 (RFC 8446 4.2.1). */
const tls13Alone = Buffer.from('002b0003020304', 'hex');

/** Whether each certificate is issued by the next one, and the last by an anchor. */
function isTrusted(certificates: readonly Uint8Array[], anchors: readonly X509Certificate[]): boolean {
  const chain = certificates.map((der) => new X509Certificate(der));
  return chain.every((certificate, index) => {
    const next = chain[index + 1];
    return next ? certificate.verify(next.publicKey) : anchors.some((anchor) => certificate.verify(anchor.publicKey));
  });
}

function credentialOf({ chainPem, keyPem }: Identity): EngineCredential {
  return { certificates: decodePem(chainPem).map(({ der }) => der), privateKey: createPrivateKey(keyPem) };
}
