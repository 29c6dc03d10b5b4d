import { createPrivateKey } from 'node:crypto';
import { decodePem } from '../../../asn1/pem.ts';
import { MtlsFixturesError, textOf } from '../../../errors/index.ts';
import type { EngineVersion } from '../../../wire/engine/engine-version.ts';
import { EngineError, type HandshakeEnd } from '../../../wire/engine/handshake-end.ts';
import type { PeerCheck } from '../../../wire/engine/peer-check.ts';
import type { ServerOptions } from '../../../wire/engine/peer-options.ts';
import { runServerHandshake } from '../../../wire/engine/run-handshake.ts';
import { certificateFields } from '../../../x509/certificate-fields.ts';
import { InterposedSocket } from '../../interposed-socket.ts';
import { answer } from '../../server/answer.ts';
import type { RealServerOptions } from '../../server/fault-server-options.ts';
import type { EditedFlightFault } from '../../server/server-fault.ts';
import type { ClientConnection, ServerReaction } from '../../server/server-reaction.ts';
import { EngineStream } from './engine-stream.ts';
import { engineOptionsOf } from './flight-plans.ts';
import { keyTypeFor, versionsOfFlight } from './server-flight-fault.ts';

/** A server that performs real handshakes and differs from a conforming one in one flight. It asks for a certificate, and accepts every client. */
export function editedFlightReaction({ flight, unedited = false }: EditedFlightFault, options: RealServerOptions): ServerReaction {
  const version = versionFor({ flight }, options);
  requireKeyFor({ flight }, options);
  const usual = engineOptions(version, options);
  const serve = async (connection: ClientConnection): Promise<void> => {
    const noteEnd = (error: unknown): void => {
      if (error instanceof EngineError && error.end.kind === 'refused') connection.receivedAlert(error.end.alert.code);
      else if (!(error instanceof EngineError) || endsOfServer.has(error.end.kind)) connection.failed(textOf(error));
    };
    const wire = new InterposedSocket(connection.socket, 'server');
    const shown = engineOptionsOf({ flight, version, unedited, onShown: () => connection.count('faultsShown') });
    try {
      const engine = await runServerHandshake(wire, { ...usual, ...shown, skipped: new Set([...notJudged, ...(shown.skipped ?? [])]) });
      connection.count('completedHandshakes');
      (options.onStream ?? answer)(new EngineStream(engine, { onData: () => connection.count('applicationData'), onError: noteEnd }));
    } catch (error) {
      noteEnd(error);
      wire.end();
    }
  };
  return {
    onConnect: (connection) => void serve(connection),
    onPlaintext: () => {}, // for the engine to reject
    onEnd: () => {}, // for the engine to answer
  };
}

/** The latest version of TLS that the fault is one of, and that the options allow. */
function versionFor(
  { flight }: Pick<EditedFlightFault, 'flight'>,
  { minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' }: RealServerOptions,
): EngineVersion {
  const versions = versionsOfFlight(flight);
  const version = versions.find((each) => each >= minVersion && each <= maxVersion);
  if (version !== undefined) return version;
  throw new MtlsFixturesError('OPTION_INVALID', {
    option: versions.includes('TLSv1.3') ? 'maxVersion' : 'minVersion',
    value: versions.includes('TLSv1.3') ? maxVersion : minVersion,
    expected: `a range with ${versions.join(' or ')}: the flight "${flight}" is one of that version`,
  });
}

function requireKeyFor({ flight }: Pick<EditedFlightFault, 'flight'>, { identity }: RealServerOptions): void {
  const wanted = keyTypeFor(flight);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = identity?.certificate.publicKey ?? {};
  if (wanted === undefined || (wanted === 'rsa' ? type === 'rsa' : details?.namedCurve === 'prime256v1')) return;
  throw new MtlsFixturesError('OPTION_INVALID', {
    option: 'identity',
    value: `a key of ${details?.namedCurve ?? type ?? 'none'}`,
    expected: `an Identity whose key is ${wanted === 'rsa' ? 'RSA' : 'one of P-256'}: the flight "${flight}" is signed with it`,
  });
}

/** Those of a conforming server with this identity. */
function engineOptions(
  version: EngineVersion,
  { identity, trust = identity?.anchors ?? '', ALPNProtocols = ['http/1.1'] }: RealServerOptions,
): ServerOptions {
  return {
    version,
    credential: { certificates: certificatesOf(identity?.chainPem ?? ''), privateKey: createPrivateKey(identity?.keyPem ?? '') },
    requestCertificate: true,
    requireCertificate: false,
    authorities: certificatesOf(trust).map((certificate) => certificateFields(certificate).subject),
    alpnProtocols: ALPNProtocols,
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
