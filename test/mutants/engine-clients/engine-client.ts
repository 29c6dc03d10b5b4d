import { createPrivateKey } from 'node:crypto';
import { decodePem } from '../../../src/asn1/pem.ts';
import { messageOf } from '../../../src/errors/index.ts';
import { connectTcp } from '../../../src/net/connect-tcp.ts';
import type { ClientCall, PeerToCall } from '../../../src/scenarios/run/target.ts';
import type { EngineConnection } from '../../../src/wire/engine/engine-connection.ts';
import type { EngineSession } from '../../../src/wire/engine/engine-session.ts';
import type { ClientOptions } from '../../../src/wire/engine/peer-options.ts';
import type { PeerCheck } from '../../../src/wire/engine/peer-check.ts';
import { runClientHandshake } from '../../../src/wire/engine/run-handshake.ts';
import { requestTo } from '../correct-clients.ts';

/** What a client does otherwise than the engine does by default. */
interface EngineClient extends Partial<Omit<ClientOptions, 'version' | 'skipped'>> {
  /** Whether the second of two calls offers the session of the first; default false. */
  readonly resumes?: boolean;
  /** The checks that it leaves out. */
  readonly skipped?: readonly PeerCheck[];
}

/** A client of HTTP/1.1 on the test engine. */
export function engineClient(version: ClientOptions['version'], { resumes = false, ...options }: EngineClient = {}): ClientCall {
  const kept = new Map<number, EngineSession>();
  return async (peer) => {
    const session = resumes && peer.call === 2 ? kept.get(peer.port) : undefined;
    const given = await callOnce(version, { ...options, ...(session && { session }) }, peer).catch(failWith);
    if (given) kept.set(peer.port, given);
  };
}

/** An error of the library itself would be taken for a mistake of the test. */
function failWith(error: unknown): never {
  throw new Error(messageOf(error));
}

/** Gives the session that the server gave. */
async function callOnce(
  version: ClientOptions['version'],
  { skipped = [], ...options }: Omit<EngineClient, 'resumes'>,
  peer: PeerToCall,
): Promise<EngineSession | undefined> {
  const { host, port, tls } = peer;
  const socket = await connectTcp({ host, port }, { timeout: 2000 });
  try {
    const connection = await runClientHandshake(socket, {
      version,
      servername: host,
      trust: ders(tls.ca),
      credential: { certificates: ders(tls.cert), privateKey: createPrivateKey(tls.key) },
      alpnProtocols: ['http/1.1'],
      skipped: new Set(skipped),
      timeout: 2000,
      ...options,
    });
    await connection.write(Buffer.from(requestTo(peer)));
    await wholeAnswer(connection);
    await connection.close();
    return connection.session;
  } finally {
    socket.destroy();
  }
}

async function wholeAnswer(connection: EngineConnection): Promise<void> {
  let answer = '';
  for (;;) {
    const bytes = await connection.read();
    if (!bytes) break;
    answer += bytes.toString();
  }
  if (!answer.startsWith('HTTP/1.1 200 ')) throw new Error('the connection closed before the answer was complete');
}

function ders(pem: string): readonly Uint8Array[] {
  return decodePem(pem).map(({ der }) => der);
}
