import { invalidOption } from '../../../errors/index.ts';
import type { EngineVersion } from '../../../wire/engine/engine-version.ts';
import { InterposedSocket } from '../../interposed-socket.ts';
import type { RealServerOptions } from '../../server/fault-server-options.ts';
import type { EditedFlightFault } from '../../server/server-fault.ts';
import type { ServerReaction } from '../../server/server-reaction.ts';
import { engineServer } from './engine-server.ts';
import { engineOptionsOf } from './flight-plans.ts';
import { keyTypeFor, versionsOfFlight } from './server-flight-fault.ts';

/** A server that performs real handshakes and differs from a conforming one in one flight. It asks for a certificate, and accepts every client. */
export function editedFlightReaction({ flight, unedited = false }: EditedFlightFault, options: RealServerOptions): ServerReaction {
  const version = versionFor({ flight }, options);
  requireKeyFor({ flight }, options);
  const serve = engineServer({ ALPNProtocols: ['http/1.1'], ...options });
  return {
    onConnect: (connection) => {
      const shown = engineOptionsOf({ flight, version, unedited, onShown: () => connection.count('faultsShown') });
      void serve(connection, new InterposedSocket(connection.socket, 'server'), { version, ...shown });
    },
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
  throw invalidOption(
    versions.includes('TLSv1.3') ? 'maxVersion' : 'minVersion',
    versions.includes('TLSv1.3') ? maxVersion : minVersion,
    `a range with ${versions.join(' or ')}: the flight "${flight}" is one of that version`,
  );
}

function requireKeyFor({ flight }: Pick<EditedFlightFault, 'flight'>, { identity }: RealServerOptions): void {
  const wanted = keyTypeFor(flight);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = identity?.certificate.publicKey ?? {};
  if (wanted === undefined || (wanted === 'rsa' ? type === 'rsa' : details?.namedCurve === 'prime256v1')) return;
  throw invalidOption(
    'identity',
    `a key of ${details?.namedCurve ?? type ?? 'none'}`,
    `an Identity whose key is ${wanted === 'rsa' ? 'RSA' : 'one of P-256'}: the flight "${flight}" is signed with it`,
  );
}
