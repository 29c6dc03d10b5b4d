import { invalidOption, typeName } from '../../errors/index.ts';
import { requirePki } from '../../options/checks.ts';
import type { Identity } from '../../pki/identity.ts';
import type { Pki } from '../../pki/pki.ts';
import type { ExpectedOutcome, LegitimatePeer, TlsVersion } from '../catalogue/scenario.ts';
import type { Respond } from './client/respond.ts';
import type { StartPeer } from './client/start-peer.ts';
import type { AskedOfServer } from './server/server-request.ts';

/** How a scenario is run; checked. */
export interface RunSettings extends Pkis, AskedOfServer {
  readonly version: TlsVersion;
  /** Milliseconds for each attempt. */
  readonly timeout: number;
  /** What the user expects in place of what the scenario says. */
  readonly expected: ExpectedOutcome | undefined;
  /** The valid peer was accepted a moment ago, by this target and with this version: not tried again. */
  readonly controlled: boolean;
  /** The one peer that the application under test accepts; undefined where it accepts every peer that TLS accepts. */
  readonly authorizes: LegitimatePeer | undefined;
  /** The address at which OCSP responders of scenarios listen; undefined for loopback. */
  readonly responderHost?: string | undefined;
}

/** Who issued the certificates of both ends, and by which name a server under test is asked for. */
export interface Pkis {
  /** The PKI of the clients, and of the server unless said. */
  readonly pki: Pki;
  /** The PKI of the server under test, where it is another than that of its clients. */
  readonly serverPki?: ServerPki | undefined;
  /** The host that is under test, where it is not the server's default. */
  readonly servername?: string | undefined;
  /** All hosts of the server, its default first; absent where there is only that. */
  readonly hosts?: readonly HostOfServer[] | undefined;
}

/** One of the hosts of a server under test. */
export interface HostOfServer {
  /** In lower case; absent: the default, for what asks for none of these names. */
  readonly servername?: string | undefined;
  readonly pki: Pki;
  readonly serverPki?: ServerPki | undefined;
}

/** What issued the certificate of a server under test: a PKI, or of a server that runs already the PEM of the trust anchors. */
export type ServerPki = Pki | { readonly anchors: string };

/** How a scenario for a client under test is run; checked. */
export interface CallSettings extends RunSettings {
  readonly startPeer: StartPeer | undefined;
  readonly respond?: Respond | undefined;
}

/** What a control needs. */
export type ControlSettings = Pkis & Pick<RunSettings, 'version' | 'timeout' | 'authorizes'>;

/** PEM of the anchors by which clients verify the server under test. */
export function serverAnchors({ pki, serverPki = pki }: Pkis): string {
  return serverPki.anchors;
}

/** What a server under test that is started presents under one of its names. */
export function serverIdentity({ pki, serverPki = pki, servername }: HostOfServer): Identity {
  const issuer = 'server' in serverPki ? serverPki : pki; // anchors alone belong to a server that runs already, whose identity is its own
  return servername === undefined ? issuer.server() : issuer.server({ dns: [servername] });
}

/** The name to ask for, as an option of an attempt; nothing where the target's own is asked for. */
export function nameAsked({ servername }: Pick<Pkis, 'servername'>): { readonly servername?: string } {
  return servername === undefined ? {} : { servername };
}

/** Rejects what has no anchors, and for a server that is started what issues no certificate. */
export function requireServerPki(serverPki: unknown, target: unknown): void {
  if (serverPki === undefined) return;
  if (typeof target === 'object' && target !== null && 'start' in target) requirePki('serverPki', serverPki);
  const { anchors } = Object(serverPki) as { readonly anchors?: unknown }; // nothing of null
  if (typeof anchors === 'string' && anchors.includes('-----BEGIN ')) return;
  throw invalidOption(
    'serverPki',
    typeName(serverPki),
    'a Pki, or { anchors } with the PEM by which the server of a target or an attempt is verified',
  );
}
