import { ByteCursor } from '../byte-cursor.ts';
import { extensionType } from '../registry/extension-types.ts';
import { readClientHelloFields } from './hello-fields.ts';

/** The part of a ClientHello that a ServerHello has to answer (RFC 8446 4.1.2). */
export interface ClientOffer {
  /** legacy_session_id, which a TLS 1.3 server sends back. */
  readonly sessionId: Uint8Array;
  /** The numbers of the cipher suites, in the client's order. */
  readonly cipherSuites: readonly number[];
  /** The numbers of the protocol versions, in the client's order; 0x0303 is TLS 1.2. */
  readonly versions: readonly number[];
  /** The numbers of the groups that the client sent a key share for. */
  readonly keyShareGroups: readonly number[];
  /** The numbers of the extensions. */
  readonly extensions: ReadonlySet<number>;
}

/** Reads the body of a ClientHello; undefined where it is malformed. */
export function parseClientOffer(body: Uint8Array): ClientOffer | undefined {
  const cursor = new ByteCursor(body);
  const { legacyVersion, sessionId, cipherSuites, extensions } = readClientHelloFields(cursor);
  if (cursor.truncated) return undefined;
  const versions = extensions.byType.get(extensionType.supported_versions);
  const keyShare = extensions.byType.get(extensionType.key_share);
  return {
    sessionId,
    cipherSuites: cipherSuites.uint16List(),
    versions: versions ? new ByteCursor(versions).vector(1).uint16List() : [legacyVersion],
    keyShareGroups: keyShare ? groupsIn(new ByteCursor(keyShare).vector(2)) : [],
    extensions: new Set(extensions.byType.keys()),
  };
}

function groupsIn(shares: ByteCursor): number[] {
  const groups: number[] = [];
  while (shares.remaining >= 4) {
    groups.push(shares.uint(2));
    shares.vector(2);
  }
  return groups;
}
