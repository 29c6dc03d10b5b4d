import { createPrivateKey } from 'node:crypto';
import { decodePem } from '../../../asn1/pem.ts';
import { textOf } from '../../../errors/index.ts';
import { EngineError, type HandshakeEnd } from '../../../wire/engine/handshake-end.ts';
import type { PeerCheck } from '../../../wire/engine/peer-check.ts';
import type { ServerOptions } from '../../../wire/engine/peer-options.ts';
import { runServerHandshake } from '../../../wire/engine/run-handshake.ts';
import { certificateFields } from '../../../x509/certificate-fields.ts';
import type { InterposedSocket } from '../../interposed-socket.ts';
import { answer } from '../../server/answer.ts';
import type { RealServerOptions } from '../../server/fault-server-options.ts';
import type { ClientConnection } from '../../server/server-reaction.ts';
import { EngineStream } from './engine-stream.ts';

/** What the server of one connection does, beside what a conforming one does. */
type Differences = Pick<ServerOptions, 'version' | 'edits' | 'helloRetry' | 'requestCertificate' | 'skipped'>;

/** Serves connections by the engine for tests: asks for a certificate, accepts every client, and answers one that goes on. */
export function engineServer(
  options: RealServerOptions,
): (connection: ClientConnection, wire: InterposedSocket, differences: Differences) => Promise<void> {
  const usual = usualOptions(options);
  return async (connection, wire, differences) => {
    const noteEnd = (error: unknown): void => {
      if (error instanceof EngineError && error.end.kind === 'refused') connection.receivedAlert(error.end.alert.code);
      else if (!(error instanceof EngineError) || endsOfServer.has(error.end.kind)) connection.failed(textOf(error));
    };
    try {
      const skipped = new Set([...notJudged, ...(differences.skipped ?? [])]);
      const engine = await runServerHandshake(wire, { ...usual, ...differences, skipped });
      connection.count('completedHandshakes');
      (options.onStream ?? answer)(new EngineStream(engine, { onData: () => connection.count('applicationData'), onError: noteEnd }));
    } catch (error) {
      noteEnd(error);
      wire.end();
    }
  };
}

/** Those of a conforming server with this identity. */
function usualOptions({ identity, trust = identity?.anchors ?? '', ALPNProtocols }: RealServerOptions): Omit<ServerOptions, 'version'> {
  return {
    credential: { certificates: certificatesOf(identity?.chainPem ?? ''), privateKey: createPrivateKey(identity?.keyPem ?? '') },
    requestCertificate: true,
    requireCertificate: false,
    authorities: certificatesOf(trust).map((certificate) => certificateFields(certificate).subject),
    ...(ALPNProtocols && { alpnProtocols: ALPNProtocols }),
    timeout: longest, // the connection has a bound of its own
  };
}

/** What a client that goes on may do wrong then, without the server leaving it. */
const notJudged: ReadonlySet<PeerCheck> = new Set<PeerCheck>([
  'certificate-required',
  'certificate-verify-required',
  'signature-scheme-offered',
  'second-hello',
]);
/** The ends that are the server's own doing. */
const endsOfServer: ReadonlySet<HandshakeEnd['kind']> = new Set(['wrong-answer', 'not-tls'] as const);

function certificatesOf(pem: string): readonly Uint8Array[] {
  return decodePem(pem).map(({ der }) => der);
}

/** Milliseconds: the longest that a timer takes. */
const longest = 2 ** 31 - 1;
