import type { Identity } from '../../../pki/identity.ts';
import type { Pki } from '../../../pki/pki.ts';
import type { MessageDamage } from '../../../spiffe/api/message-damage.ts';
import type { SpiffeScenarioId } from '../ids/spiffe-ids.ts';
import type { ScenarioFacts } from '../scenario.ts';

/** A service under test that takes its identity and its trust from a SPIFFE Workload API, and its clients. */
export interface SpiffeScenario extends ScenarioFacts {
  readonly id: SpiffeScenarioId;
  readonly role: 'spiffe';
  readonly underTest: 'server';
  /** What is done. */
  readonly trial: SpiffeTrial;
  /** Only for a service that authorizes a workload of a federated trust domain too. */
  readonly needsFederated?: true;
}

/** What is done to a service, its Workload API and its connections. */
export type SpiffeTrial = ClientIdTrial | JwtTrial | UpdateTrial | OpenStreamTrial | RotationTrial | ApiRequestsTrial;

/** One client presents a certificate, while nothing changes. */
export interface ClientIdTrial {
  readonly kind: 'client';
  /** Mints what it presents; nothing for an id of which there is no such other. */
  readonly mint: (domains: TrustDomains) => Identity | undefined;
}

/** The authorized client sends a token along, while nothing changes. Only for a service that authenticates requests by JWT-SVIDs. */
export interface JwtTrial {
  readonly kind: 'jwt';
  /** What it sends; nothing for a request without a token. */
  readonly mint: (facts: TokenFacts) => string | undefined;
}

/** What tokens are made of. */
export interface TokenFacts {
  /** Of the service. */
  readonly audience: string;
  /** Of a token that the service has to accept. */
  readonly claims: { readonly sub: string; readonly aud: readonly string[]; readonly iat: number; readonly exp: number };
  /** The trust domain of the service, and the one that it is federated with. */
  readonly home: TokenIssuer;
  readonly federated: TokenIssuer;
  /** The id of the federated trust domain that the service authorizes, where there is one. */
  readonly authorizedFederated: string | undefined;
}

/** A trust domain by its keys for JWT-SVIDs. */
export interface TokenIssuer {
  /** A JWKS document, the oldest key last. */
  readonly jwtBundle: string;
  /** Signs by the oldest key of the bundle. */
  signJwt(claims: object, header?: object): string;
}

/** The CAs of clients, and the ids that the service knows. */
export interface TrustDomains {
  /** Of the service's own trust domain. */
  readonly home: Pki;
  /** Of the trust domain that it is federated with. */
  readonly federated: Pki;
  /** In no bundle. */
  readonly untrusted: Pki;
  /** The id of its own trust domain that the service authorizes. */
  readonly authorized: string;
  /** The SPIFFE id of the federated trust domain itself. */
  readonly federatedDomain: string;
  /** One of the federated trust domain that it authorizes, where there is one. */
  readonly authorizedFederated: string | undefined;
}

/** The Workload API changes, one step after the other, and a client connects. */
export interface UpdateTrial {
  readonly kind: 'update';
  readonly changes: readonly ApiChange[];
  readonly client: UpdateClient;
  /** What is expected is so before the changes too: it is looked at when the service has had its time. */
  readonly stays?: true;
}

/**
 * `svid`: the service's X509-SVID is issued anew; `root`: a root joins the bundle and signs from now on; `root-retired`: those before are withdrawn; `second-svid`: another identity follows
 * the first; `expired`: an SVID that has expired is delivered; `revoked`: the service loses its entitlement; `entitled`: it is entitled again; `federated-root`, `federated-root-retired`: as
 * for the own bundle; `unfederated`, `federated`: the bundle of the other trust domain is withdrawn, or comes back; `api-stopped`: the API does not answer; `api-restarted`: it was closed
 * and listens at the same place again. Damaged messages are sent until the end of the scenario.
 */
export type ApiChange =
  | 'svid'
  | 'root'
  | 'root-retired'
  | 'second-svid'
  | 'expired'
  | 'revoked'
  | 'entitled'
  | 'federated-root'
  | 'federated-root-retired'
  | 'unfederated'
  | 'federated'
  | 'api-stopped'
  | 'api-restarted'
  | { readonly damage: MessageDamage };

/**
 * Which client: the authorized one, of the newest root; the same with the SVID that it had before the changes; that of the federated trust domain, and its SVID of before; another workload of
 * the trust domain; one of a CA in no bundle; or one without a certificate.
 */
export type UpdateClient =
  | 'authorized'
  | 'authorized-before'
  | 'federated'
  | 'federated-before'
  | 'other-workload'
  | 'untrusted'
  | 'without-certificate';

/** A connection is open while the Workload API changes. */
export interface OpenStreamTrial {
  readonly kind: 'open-connection';
  readonly changes: readonly ('svid' | 'root')[];
  /** What the connection does in the meantime. */
  readonly state: 'in-request' | 'idle';
}

/** SVIDs and roots rotate this often, while clients connect without a pause. */
export interface RotationTrial {
  readonly kind: 'under-load';
  readonly rotations: number;
}

/** What the service has asked of the Workload API so far. */
export interface ApiRequestsTrial {
  readonly kind: 'requests';
}
