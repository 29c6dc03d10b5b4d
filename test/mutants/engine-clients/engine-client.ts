import { createPrivateKey } from 'node:crypto';
import { decodePem } from '../../../src/asn1/pem.ts';
import { messageOf } from '../../../src/errors/index.ts';
import { connectTcp } from '../../../src/net/connect-tcp.ts';
import type { ClientCall, PeerToCall } from '../../../src/scenarios/run/target.ts';
import type { EngineConnection } from '../../../src/wire/engine/engine-connection.ts';
import type { ClientOptions } from '../../../src/wire/engine/peer-options.ts';
import type { PeerCheck } from '../../../src/wire/engine/peer-check.ts';
import { runClientHandshake } from '../../../src/wire/engine/run-handshake.ts';
import { requestTo } from '../correct-clients.ts';

/** What a client does otherwise than the engine does by default. */
interface EngineClient extends Partial<Omit<ClientOptions, 'version' | 'skipped'>> {
  /** The checks that it leaves out. */
  readonly skipped?: readonly PeerCheck[];
}

/** A client of HTTP/1.1 on the test engine. */
export function engineClient(version: ClientOptions['version'], options: EngineClient = {}): ClientCall {
  return (peer) => callOnce(version, options, peer).catch(failWith);
}

/** An error of the library itself would be taken for a mistake of the test. */
function failWith(error: unknown): never {
  throw new Error(messageOf(error));
}

async function callOnce(version: ClientOptions['version'], { skipped = [], ...options }: EngineClient, peer: PeerToCall): Promise<void> {
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
