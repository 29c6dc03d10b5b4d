import type { ObservedServer } from '../handshake/server/observed-server.ts';
import type { Identity } from '../pki/identity.ts';

/** Where an identity was accepted: on a server, for the name that was asked for, by a test of one file. */
export interface AcceptedAt {
  readonly server: ObservedServer;
  readonly servername: string | undefined;
  readonly testPath: string | undefined;
}

/** Remembers the identity that a server has accepted just now: `toReject` tries it again as its control. */
export function rememberAccepted(identity: Identity, { server, servername, testPath }: AcceptedAt): void {
  const ofServer = accepted.get(server) ?? new Map<string, Identity>();
  ofServer.set(keyOf(servername, testPath), identity);
  accepted.set(server, ofServer);
}

/** The identity that was last accepted there, if any. */
export function lastAccepted({ server, servername, testPath }: AcceptedAt): Identity | undefined {
  return accepted.get(server)?.get(keyOf(servername, testPath));
}

/** Files share this module where Vitest does not isolate them. */
function keyOf(servername: string | undefined, testPath: string | undefined): string {
  return JSON.stringify([servername ?? null, testPath ?? null]);
}

const accepted = new WeakMap<ObservedServer, Map<string, Identity>>();
