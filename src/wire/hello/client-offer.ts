import { ByteCursor } from '../byte-cursor.ts';

/** What of a ClientHello a ServerHello has to answer to (RFC 8446 4.1.2). */
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
  const legacyVersion = cursor.uint(2);
  cursor.take(32); // random
  const sessionId = cursor.take(cursor.uint(1));
  const cipherSuites = cursor.vector(2).uint16List();
  cursor.vector(1); // compression methods
  const extensions = cursor.remaining === 0 ? new Map<number, Uint8Array>() : extensionsIn(cursor.vector(2));
  if (cursor.truncated) return undefined;

  const versions = extensions.get(supportedVersions);
  const keyShare = extensions.get(keyShareType);
  return {
    sessionId,
    cipherSuites,
    versions: versions ? new ByteCursor(versions).vector(1).uint16List() : [legacyVersion],
    keyShareGroups: keyShare ? groupsIn(new ByteCursor(keyShare).vector(2)) : [],
    extensions: new Set(extensions.keys()),
  };
}

function extensionsIn(list: ByteCursor): Map<number, Uint8Array> {
  const extensions = new Map<number, Uint8Array>();
  while (list.remaining >= 4) {
    const type = list.uint(2);
    extensions.set(type, list.take(list.uint(2)));
  }
  return extensions;
}

function groupsIn(shares: ByteCursor): number[] {
  const groups: number[] = [];
  while (shares.remaining >= 4) {
    groups.push(shares.uint(2));
    shares.vector(2);
  }
  return groups;
}

const supportedVersions = 43;
const keyShareType = 51;
