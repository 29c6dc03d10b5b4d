import { createPrivateKey, X509Certificate } from 'node:crypto';
import net, { type AddressInfo } from 'node:net';
import { duplexPair } from 'node:stream';
import { createPki, type Identity } from '../../../src/index.ts';
import type { EngineConnection } from '../../../src/wire/engine/engine-connection.ts';
import type { EngineCredential } from '../../../src/wire/engine/engine-credential.ts';
import { EngineError, type HandshakeEnd } from '../../../src/wire/engine/handshake-end.ts';
import type { ClientOptions, ServerOptions } from '../../../src/wire/engine/peer-options.ts';
import { runClientHandshake, runServerHandshake } from '../../../src/wire/engine/run-handshake.ts';

/** The PKI of these tests. */
export const pki = createPki({ name: 'engine' });

/** An identity as the engine takes it. */
export function credentialOf({ chainPem, keyPem }: Pick<Identity, 'chainPem' | 'keyPem'>): EngineCredential {
  const certificates = chainPem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? [];
  return { certificates: certificates.map((pem) => new X509Certificate(pem).raw), privateKey: createPrivateKey(keyPem) };
}

export const serverCredential: EngineCredential = credentialOf(pki.server());
export const clientCredential: EngineCredential = credentialOf(pki.client('engine-client'));

/** How one side of a handshake ended: with a connection, or how else. */
export type Outcome = EngineConnection | HandshakeEnd;

/** Both ends of one connection by the engine, without a network: how each of them ended, or its connection. */
export async function between(
  client: ClientOptions,
  server: ServerOptions,
): Promise<{ readonly client: Outcome; readonly server: Outcome }> {
  const [near, far] = duplexPair();
  const [ofServer, ofClient] = await Promise.all([outcomeOf(runServerHandshake(near, server)), outcomeOf(runClientHandshake(far, client))]);
  return { client: ofClient, server: ofServer };
}

/** The same in TLS 1.3, with the credentials of these tests unless others are given. */
export function handshakeOf(
  client: Partial<ClientOptions> = {},
  server: Partial<ServerOptions> = {},
): Promise<{ readonly client: Outcome; readonly server: Outcome }> {
  return between(
    { version: 'TLSv1.3', credential: clientCredential, servername: 'localhost', ...client },
    { version: 'TLSv1.3', credential: serverCredential, ...server },
  );
}

/** What became of a handshake; errors of another kind are thrown. */
export function outcomeOf(handshake: Promise<EngineConnection>): Promise<Outcome> {
  return orEnd(handshake);
}

/** How a handshake or a connection ended; undefined where it did not. */
export function endOf(running: Promise<unknown>): Promise<HandshakeEnd | undefined> {
  return orEnd(running.then(() => undefined));
}

async function orEnd<Value>(running: Promise<Value>): Promise<Value | HandshakeEnd> {
  try {
    return await running;
  } catch (error) {
    if (error instanceof EngineError) return error.end;
    throw error;
  }
}

/** The connection of a handshake that completed. */
export function connectionOf(outcome: Outcome): EngineConnection {
  if ('kind' in outcome) throw new Error(`the handshake did not complete: ${JSON.stringify(outcome)}`);
  return outcome;
}

/** Connects to a port of this machine. */
export function connect(port: number): net.Socket {
  return net.connect({ port, host: '127.0.0.1' });
}

/** A server of the engine that answers what it reads; `ends`: how its handshakes ended. */
export async function engineServer(options: Partial<ServerOptions> = {}): Promise<EngineServer> {
  const ends: Outcome[] = [];
  const server = net.createServer((socket) => void serve(socket));
  const serve = async (socket: net.Socket): Promise<void> => {
    const outcome = await outcomeOf(runServerHandshake(socket, { version: 'TLSv1.3', credential: serverCredential, ...options }));
    ends.push(outcome);
    if ('kind' in outcome) return;
    try {
      for (let bytes = await outcome.read(); bytes; bytes = await outcome.read()) await outcome.write(bytes);
      await outcome.close();
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
    }
  };
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { port, ends, [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())) };
}

/** A running server of the engine. */
export interface EngineServer extends AsyncDisposable {
  readonly port: number;
  readonly ends: readonly Outcome[];
}
