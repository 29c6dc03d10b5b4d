import type { Pki } from '../../../src/index.ts';
import type { ArrangedCredential, Stack, TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';

/** What a client of another language is to do. */
export interface ClientCall {
  readonly port: number;
  /** What to present; absent: no certificate. */
  readonly credential?: ArrangedCredential | undefined;
  /** The name to ask for and to verify. */
  readonly serverName: string;
  /** PEM of the trust anchors. */
  readonly trust: string;
  readonly version: TlsVersion;
}

/** What one end of another language said of one connection. */
export interface PeerReport {
  readonly verdict: 'accepted' | 'rejected';
  /** Its own words: the library's error, or whatever it printed. */
  readonly words: string;
  /** Servers: the common name that they read from the client's certificate. */
  readonly client?: string;
}

/** A client of another language: sends a line, and waits for the answer. */
export interface ClientPeer extends AsyncDisposable {
  call(call: ClientCall): Promise<PeerReport>;
}

/** A server of another language that requires and verifies client certificates of one PKI. */
export interface ServerPeer extends AsyncDisposable {
  /** Has it serve one connection, which `attempt` makes to the port on 127.0.0.1; gives what either end makes of it. */
  serve<Result>(version: TlsVersion, attempt: (port: number) => Promise<Result>): Promise<{ result: Result; report: PeerReport }>;
}

export type StartClientPeer = () => Promise<ClientPeer>;
export type StartServerPeer = (pki: Pki) => Promise<ServerPeer>;

/** The stacks that have a suite here. */
export type PeerStack = Extract<Stack, 'openssl' | 'curl' | 'gnutls' | 'go' | 'java' | 'wolfssl' | 'mbedtls'> | 'python';

export const versions = ['TLSv1.3', 'TLSv1.2'] as const satisfies readonly TlsVersion[];
