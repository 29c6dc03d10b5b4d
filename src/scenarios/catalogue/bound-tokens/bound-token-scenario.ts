import type { BoundTokenScenarioId } from '../ids/bound-token-ids.ts';
import type { ScenarioFacts } from '../scenario.ts';

/** A resource server under test, and what clients show it: certificates, and access tokens that are bound to one (RFC 8705 3). */
export interface BoundTokenScenario extends ScenarioFacts {
  readonly id: BoundTokenScenarioId;
  readonly role: 'bound-token';
  readonly underTest: 'server';
  /** What is sent. */
  readonly trial: BoundTokenTrial;
}

/** Requests, one after the other: the last one is judged, and every one before it has to be accepted. */
export interface BoundTokenTrial {
  readonly requests: readonly BoundTokenRequest[];
  /** On what the requests are sent: `own`, each on a connection of its own; `kept`, all on one; `resumed`, every one but the first on a connection that resumes its client's session. */
  readonly connections: 'own' | 'kept' | 'resumed';
  /** Only where the resource server ends TLS itself, or only where the certificate comes in a header of its proxy. Absent: in both cases. */
  readonly where?: 'handshake' | 'header';
}

/** One request. */
export interface BoundTokenRequest {
  /** Whose certificate its client has; absent: it has none. */
  readonly presents?: BoundTokenClient;
  /** The tokens that it shows, each in an `Authorization` header. */
  readonly tokens: readonly ShownToken[];
  /** Whose certificate the client names in headers, as proxies write them that the resource server does not have: one request for each format. */
  readonly forges?: BoundTokenClient;
}

/** Clients of one CA. Beside `client`, `another-client` has another name, `sibling` the same name and another key, and `renewed` the same name and key in a newer certificate. */
export type BoundTokenClient = 'client' | 'another-client' | 'sibling' | 'renewed';

/** Whose certificate a token is bound to: a client's, one of its name and key of a CA that is not trusted, or that of its issuing CA. */
export type BoundTokenParty = BoundTokenClient | 'other-ca' | 'issuer';

/** A token, as its issuer is asked for it. */
export interface ShownToken {
  /** Whose certificate it is bound to. */
  readonly boundTo: BoundTokenParty;
  /** What its claim `cnf` says; default: the thumbprint, as RFC 8705 has it. */
  readonly confirmation?: ConfirmationForm;
  /** Changed by the client so that it is bound to its own certificate: with the signature of before, or as one that has none. */
  readonly rebound?: 'signed' | 'unsigned';
}

/** What `cnf` says of a certificate. `none`: there is no such claim; `jkt`: a key for DPoP (RFC 9449); the others are forms of the thumbprint. */
export type ConfirmationForm =
  | 'none'
  | 'empty'
  | 'jkt'
  | 'thumbprint'
  | 'empty-thumbprint'
  | 'truncated'
  | 'longer'
  | 'upper-case'
  | 'sha1'
  | 'hex'
  | 'base64'
  | 'padded';
