import type { EngineVersion } from '../../../wire/engine/engine-version.ts';
import type { FlightName, MessageName } from '../../../wire/engine/flight.ts';
import { protocolVersion } from '../../../wire/registry/protocol-versions.ts';
import { InterposedSocket } from '../../interposed-socket.ts';
import type { RealServerOptions } from '../../server/fault-server-options.ts';
import type { CorruptedMessageFault } from '../../server/server-fault.ts';
import type { ClientConnection, ServerReaction } from '../../server/server-reaction.ts';
import { withLastOctetChanged } from '../last-octet.ts';
import { engineServer } from './engine-server.ts';

/** A server whose Finished or signature has one octet changed, in the latest version that the client offers and the options allow. */
export function corruptedMessageReaction({ kind }: CorruptedMessageFault, options: RealServerOptions): ServerReaction {
  const serve = engineServer(options);
  const waiting = new WeakMap<ClientConnection, InterposedSocket>();
  const begin = (connection: ClientConnection, offered: readonly number[]): void => {
    const wire = waiting.get(connection);
    if (!wire) return;
    waiting.delete(connection);
    const version = versionFor(offered, options);
    const [flight, message] = placeOf[kind][version];
    const corrupt = withLastOctetChanged(message);
    const edits = {
      [flight]: (...sent: Parameters<typeof corrupt>) => {
        connection.count('faultsShown');
        return corrupt(...sent);
      },
    };
    void serve(connection, wire, { version, edits });
  };
  return {
    onConnect: (connection) => void waiting.set(connection, new InterposedSocket(connection.socket, 'server')),
    onClientHello: (connection, { versions }) => begin(connection, versions),
    onPlaintext: (connection) => begin(connection, []), // for the engine to reject
    onEnd: (connection) => begin(connection, []), // for the engine to answer
  };
}

/** Where there is none in common, the engine refuses the client. */
function versionFor(offered: readonly number[], { minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' }: RealServerOptions): EngineVersion {
  const versions = (['TLSv1.3', 'TLSv1.2'] as const).filter((each) => each >= minVersion && each <= maxVersion); // their names sort as they do
  return versions.find((each) => offered.includes(protocolVersion[each])) ?? versions[0] ?? 'TLSv1.3';
}

/** The proof of possession is in ServerKeyExchange in TLS 1.2 (RFC 5246 7.4.3). */
const placeOf = {
  'wrong-finished': { 'TLSv1.3': ['server', 'finished'], 'TLSv1.2': ['server-final', 'finished'] },
  'wrong-certificate-verify': { 'TLSv1.3': ['server', 'certificate_verify'], 'TLSv1.2': ['server', 'server_key_exchange'] },
} as const satisfies Readonly<Record<CorruptedMessageFault['kind'], Readonly<Record<EngineVersion, readonly [FlightName, MessageName]>>>>;
