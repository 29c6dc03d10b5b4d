import type { ClientFault } from '../../faults/client/client-fault.ts';
import type { ClientFlightFault } from '../../faults/flights/client/client-flight-fault.ts';
import type { ServerFault } from '../../faults/server/server-fault.ts';
import type { AttemptOptions } from '../../handshake/attempt/attempt-options.ts';
import type { ServerOptions } from '../../handshake/server/server-options.ts';
import type { Identity } from '../../pki/identity.ts';
import type { KeyAlgorithm } from '../../pki/key-algorithm.ts';
import type { Pki } from '../../pki/pki.ts';
import type { Side } from '../../wire/tap/capture.ts';
import type { ProtocolScenarioId } from './ids/protocol-ids.ts';
import type { ScenarioFacts, TlsVersion } from './scenario.ts';

/** Something wrong (or, in the tier `control`, unusual) with the protocol rather than with a credential. */
export type ProtocolScenario = ServerProtocolScenario | ClientProtocolScenario;

/** The data of every protocol scenario. */
export interface ProtocolFacts extends ScenarioFacts {
  readonly id: ProtocolScenarioId;
  readonly role: 'protocol';
  readonly underTest: Side;
  /** The versions of TLS with which it makes sense. */
  readonly versions: readonly TlsVersion[];
  /** It does not depend on the version: suites run it once. */
  readonly versionless?: true;
}

/** A client that misbehaves, for a server under test. */
export interface ServerProtocolScenario extends ProtocolFacts {
  readonly underTest: 'server';
  /** Nothing is wrong but that no client certificate is presented: an attempt function can do that too. */
  readonly withoutCertificate?: true;
  /** Nothing is wrong but the credential: an attempt function can present it too. */
  readonly byAttempt?: true;
  /**
   * Of a server with `hosts` it is run for the default alone, since it asks for a name that the server does not have or ends before a name counts, or for each of the hosts alone. Absent: for
   * all of them.
   */
  readonly at?: 'default' | 'host';
  /** It needs another host of the server, with clients of another PKI: suites without `hosts` do not select it. */
  readonly needsOtherHost?: true;
  /** What it finds accepted is wrong also where the valid client is refused; a refusal then shows nothing. */
  readonly needsNoControl?: true;
  /** What is done to the server. Mints what it needs anew at each call. */
  arrange(pki: Pki, valid?: ValidPeers, hosts?: HostsInTrial): ServerTrial;
}

/** The hosts that a scenario is arranged for. */
export interface HostsInTrial {
  /** The host under test; of one that is at no host, a name of the default's. */
  readonly servername: string;
  /** The PKI of another host's clients. */
  readonly otherPki: Pki;
}

/** A server that misbehaves, for a client under test. */
export interface ClientProtocolScenario extends ProtocolFacts {
  readonly underTest: 'client';
  /** One client is called twice: suites run it by itself, so that what the client keeps from the first call is of this scenario. */
  readonly calls?: 2;
  /** What the client is made to call. Mints what it needs anew at each call. */
  arrange(pki: Pki, valid?: ValidPeers): ClientTrial;
}

/** Peers that the side under test accepts: valid, and with the name that its application authorizes, if it does. */
export interface ValidPeers {
  /** With a key of the PKI's algorithm, or of this one. */
  client(pki: Pki, options?: Pick<ServerMaterial, 'keyAlgorithm'>): Identity;
  /** With the names of this machine and a key of the PKI's algorithm, or with these. */
  server(pki: Pki, own?: ServerMaterial): Identity;
}

/** What a valid server may have in place of what is usual. */
export interface ServerMaterial extends Partial<ServerNames> {
  readonly keyAlgorithm?: KeyAlgorithm;
}

/** The names by which a server is verified. */
export interface ServerNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/** What is done to a server under test. */
export type ServerTrial =
  | CredentialTrial
  | HandshakeTrial
  | ClientFaultTrial
  | EditedFlightTrial
  | RequestTrial
  | RenegotiationTrial
  | HostCrossingTrial
  | ResumptionTrial;

/** A handshake with a credential that is valid in itself. */
export interface CredentialTrial {
  readonly kind: 'credential';
  readonly identity: Identity;
}

/** A handshake with certain options, of the version that is tried unless they say otherwise. */
export interface HandshakeTrial {
  readonly kind: 'handshake';
  readonly options: AttemptOptions;
  /** A handshake that goes first, where the usual valid client is not enough: it has to be accepted, and to agree on an ALPN protocol. */
  readonly alpnControl?: AttemptOptions;
  /** Whether a server that cuts the connection has refused: where what is offered leaves it nothing to do. Never where a certificate is what is judged. */
  readonly cutCounts?: true;
}

/** Bytes of a client that violates the protocol. */
export interface ClientFaultTrial {
  readonly kind: 'client-fault';
  readonly fault: ClientFault;
  /** What a real client behind the fault presents. */
  readonly identity?: Identity;
}

/** A handshake of which one message is edited; the same handshake unedited has to be accepted. */
export interface EditedFlightTrial {
  readonly kind: 'edited-flight';
  readonly flight: ClientFlightFault;
  readonly identity: Identity;
}

/** A handshake and an HTTP/1.1 request at once. The same request of the valid client has to be answered. */
export interface RequestTrial {
  readonly kind: 'request';
  /** Absent: no client certificate is presented. */
  readonly identity?: Identity;
  /** What the Host field (`:authority` in HTTP/2) says in place of the name that was asked for in the handshake. */
  readonly host?: string;
  /** The handshake is one with the other host, whose valid client it is. */
  readonly isAtOtherHost?: true;
  /** The one version of HTTP; default HTTP/1.1, and HTTP/2 where the server serves the valid client in nothing else. */
  readonly http?: 'HTTP/1.1' | 'HTTP/2';
}

/** A handshake, and another one on the same connection that the client begins (TLS 1.2). */
export interface RenegotiationTrial {
  readonly kind: 'renegotiation';
  readonly identity: Identity;
}

/** A handshake that begins at the other host, as a valid client of it, and goes on under the name of the host under test. */
export interface HostCrossingTrial {
  readonly kind: 'host-crossing';
  readonly identity: Identity;
  /** In a renegotiation of TLS 1.2, or in the ClientHello after a HelloRetryRequest. */
  readonly by: 'renegotiation' | 'second-hello';
}

/** A handshake that gives a session, a change, and a handshake that resumes the session. */
export interface ResumptionTrial {
  readonly kind: 'resumption';
  /** What both handshakes present; absent: no client certificate. */
  readonly identity?: Identity;
  readonly change: SessionChange;
}

/** What happens between the handshake that gives a session and the one that resumes it. */
export type SessionChange =
  /** Nothing: the session itself is what is judged. */
  | { readonly kind: 'none' }
  /** The server gets other anchors or CRLs; `valid` is accepted afterwards. */
  | { readonly kind: 'configuration'; readonly trust: string; readonly crl?: readonly string[]; readonly valid: Identity }
  /** The session is resumed with another server, which trusts these anchors; `valid` is accepted there. */
  | { readonly kind: 'other-server'; readonly trust: string; readonly valid: Identity }
  /** The session comes from the other host, whose valid client it is, and is resumed at the host under test; `valid` is accepted there. */
  | { readonly kind: 'other-host'; readonly valid: Identity }
  /** The client's certificate expires. */
  | { readonly kind: 'expiry'; readonly at: Date };

/** What a client under test is made to call. */
export type ClientTrial = ServerFaultTrial | PeerTrial | TwoCallsTrial | RenegotiationByServerTrial;

/** A server that violates the protocol. */
export interface ServerFaultTrial {
  readonly kind: 'server-fault';
  readonly fault: ServerFault;
  /** What the real server behind some faults presents. */
  readonly identity: Identity;
}

/** A real server with an unusual configuration. */
export interface PeerTrial {
  readonly kind: 'peer';
  readonly identity: Identity;
  /** In place of what servers for clients under test are usually given: the PKI's anchors, and to ask for a certificate without requiring it. */
  readonly options: Partial<Pick<ServerOptions, 'trust' | 'clientAuth' | 'ciphers'>>;
  /**
   * What is judged. `verdict`: whether the client trusts the server. `disclosure`: whether the server, which the client must refuse, is
   * shown the client's certificate; `accepted` then means that it is.
   */
  readonly judged: 'verdict' | 'disclosure';
  /** The certificate that the client may present where it trusts the server; anything else is flagged. Default: any. */
  readonly presents?: 'own' | 'own-or-none' | 'none';
}

/** Two calls of one client to one server: the second is judged, where the first was accepted. */
export interface TwoCallsTrial {
  readonly kind: 'two-calls';
  /** What the server presents in both. */
  readonly identity: Identity;
  readonly first: CallMaterial;
  readonly second: CallMaterial;
  /** What the server does between them: nothing, or it ends the connections of the first and forgets its sessions, so that the second call needs a handshake. */
  readonly between: 'nothing' | 'connections-end';
  /**
   * What is judged of the second. `verdict`: whether the client trusts the server. `identity`: whether it is the second client for the server. `silence`: whether a client
   * that does not present its second certificate says so.
   */
  readonly judged: 'verdict' | 'identity' | 'silence';
}

/** What one of two calls is given. */
export interface CallMaterial {
  /** The client's own credential. */
  readonly client: Identity;
  /** PEM of the anchors that the client is to trust. */
  readonly trust: string;
  /** What the client connects to and verifies: the same server in either case. */
  readonly host: 'localhost' | '127.0.0.1';
}

/** A server of HTTP/1.1 over TLS 1.2 that answers the first call, and in the second renegotiates before it answers. */
export interface RenegotiationByServerTrial {
  readonly kind: 'renegotiation-by-server';
  /** What it presents at first. */
  readonly identity: Identity;
  /** What it presents in the renegotiation. */
  readonly second: Identity;
}
