import type { Reason } from '../../handshake/verdict/reasons/reason.ts';
import type { Identity } from '../../pki/identity.ts';
import type { Authority } from '../../pki/authority.ts';
import type { Pki } from '../../pki/pki.ts';
import type { OcspReply } from '../../revocation/revocation-server-options.ts';
import type { AlertName } from '../../wire/records/alerts.ts';
import type { Side } from '../../wire/tap/capture.ts';
import type { ControlId } from './findings/control.ts';
import type { CredentialScenarioId } from './ids/credential-ids.ts';
import type { ScenarioId } from './ids/scenario-id.ts';
import type { ScenarioSources, Severity } from './references.ts';

/** The versions of TLS that every scenario is run with. */
export type TlsVersion = 'TLSv1.3' | 'TLSv1.2';

/** What a test was run with: a version of TLS, or HTTP alone, where TLS has ended before. */
export type TestedVersion = TlsVersion | 'HTTP';

/** What a scenario is about. */
export type ScenarioGroup =
  | 'trust'
  | 'time'
  | 'names'
  | 'usage'
  | 'crypto'
  | 'revocation'
  | 'encoding'
  | 'protocol'
  | 'reload'
  | 'lifetime'
  | 'forwarded'
  | 'bound-tokens'
  | 'spiffe';

/**
 * `core`: must be rejected, and Node.js, OpenSSL, Go and Java all do. `control`: unusual but valid, must be accepted. `extended`: the RFC
 * says reject, and at least one of the four accepts. `varies`: local policy. `app`: TLS accepts rightly, the application decides by identity.
 */
export type ScenarioTier = 'core' | 'control' | 'extended' | 'varies' | 'app';

/**
 * TLS stacks whose answers were measured; `node` is Node.js 24 and 26 with OpenSSL 3.5, and in a process of Node.js 22 the same as `node-22`, which has OpenSSL's security
 * level 1. `go` is any version of Go, `go-1.19` and `go-1.26` where it matters which, and so are `openssl`, `openssl-3.0`, `openssl-3.5` and `openssl-3.6`, `gnutls`, `gnutls-3.7` and `gnutls-3.8`. `deno` is rustls as Deno has it, `bun` is BoringSSL, `nss` NSS
 * with its own verifier.
 */
export type Stack =
  | 'node'
  | 'node-22'
  | 'openssl'
  | 'openssl-3.0'
  | 'openssl-3.5'
  | 'openssl-3.6'
  | 'openssl-strict'
  | 'gnutls'
  | 'gnutls-3.7'
  | 'gnutls-3.8'
  | 'go'
  | 'go-1.19'
  | 'go-1.26'
  | 'java'
  | 'bun'
  | 'deno'
  | 'curl'
  | 'wolfssl'
  | 'mbedtls'
  | 'rustls'
  | 'nss'
  | 'erlang'
  | 'php'
  | 'ruby'
  | 'perl';

/** What is to come out of one handshake. */
export type ExpectedOutcome =
  | { readonly verdict: 'accepted' }
  | {
      readonly verdict: 'rejected';
      readonly by: Side;
      /** As `handshake.reason` names it. */
      readonly reason?: Reason | (string & {});
      /** The alert that OpenSSL sends; other stacks choose others (RFC 8446 6.2 binds only a few). */
      readonly alert?: AlertName;
      /** Alerts that answer this fault as well, because an RFC demands or allows them, though they do not stand for a certificate otherwise. */
      readonly alerts?: readonly AlertName[];
    };

/** An alert by which a stack answers a certificate, though by its name it could mean anything: its logs give the certificate as the cause. */
export interface StackAlert {
  readonly stack: Stack;
  /** Where it does so with one version of TLS only. */
  readonly version?: TlsVersion;
  readonly alert: AlertName;
}

/** A stack that answers otherwise than `expected`. */
export interface Divergence {
  readonly stack: Stack;
  /** Where it does so with one version of TLS only. */
  readonly version?: TlsVersion;
  readonly verdict: 'accepted' | 'rejected';
  /** What that stack says where it rejects; known for Node.js. */
  readonly reason?: Reason | (string & {});
}

/**
 * The legitimate peer that a credential of the tier `app` impersonates. Each member is a way in which an application authorizes, and
 * what the legitimate peer (the control credential) has there: an application that authorizes in this way accepts that one and refuses the
 * bad one. A member that is absent: that way cannot tell the two apart.
 */
export interface LegitimatePeer {
  /** By the common name: exactly one in the subject, compared exactly. */
  readonly commonName?: string;
  /** By the whole subject, part by part; written as `subject.text`. */
  readonly subject?: string;
  /** By the SPIFFE id: exactly one URI name, compared exactly. */
  readonly spiffeId?: string;
  /** By the SPIFFE id of a valid X509-SVID: also not a CA, and a keyUsage without keyCertSign and cRLSign (X509-SVID 5.2). */
  readonly x509Svid?: string;
  /** By the SPIFFE id, issued below the anchors of its own trust domain, where the trust store has those of others too: the PKI's anchors are those of the id's. */
  readonly federatedSpiffeId?: string;
  /** By the user principal name: exactly one otherName of the type 1.3.6.1.4.1.311.20.2.3, compared exactly. */
  readonly userPrincipalName?: string;
}

/** The data of every scenario. */
export interface ScenarioFacts extends ScenarioSources {
  /** Unique within its catalogue. */
  readonly id: ScenarioId;
  readonly title: string;
  readonly group: ScenarioGroup;
  readonly tier: ScenarioTier;
  /** The one respect in which it differs from a valid one. */
  readonly differs: string;
  /** How bad it is where a target answers otherwise. */
  readonly severity: Severity;
  /** The published controls that a target violates which accepts what is to be rejected; none where no clause is about it. */
  readonly controls: readonly ControlId[];
  readonly expected: Readonly<Record<TlsVersion, ExpectedOutcome>>;
  readonly divergences: readonly Divergence[];
  /** Alerts that are an answer to it by these stacks. */
  readonly stackAlerts?: readonly StackAlert[];
  /** Of the tier `app`: `expected` is what TLS answers, and the application has to refuse any other peer. Absent where it does not have to refuse. */
  readonly impersonates?: LegitimatePeer;
}

/** A credential ready to be presented, and what the side that judges it is to be configured with. */
export interface ArrangedCredential {
  /** What to present: its key signs, its chain is sent. */
  readonly identity: Identity;
  /** Sent in the Certificate message in place of the identity's chain, for what Node.js refuses to load. DER, the leaf first. */
  readonly certificateMessage?: readonly Uint8Array[];
  /** Ciphers with which the presenter's OpenSSL loads the credential, where its default security level refuses. */
  readonly ciphers?: string;
  /** Server credentials: the name or address that the client asks for and verifies; `localhost` unless the scenario is about names. */
  readonly host: string;
  /** How a client is given `host`, where that is another spelling of it. */
  readonly spelling?: string;
  /** PEM of the trust anchors of the side that judges; the PKI's own unless the scenario is about anchors. */
  readonly trust: string;
  /** PEM of the CRLs of the side that judges; absent where it is to check none. */
  readonly crl?: readonly string[];
  /** The OCSP responder at the URL in the certificates: who answers, the truth, and about the leaf this. Absent where they name no responder. */
  readonly ocsp?: { readonly issuer: Authority; readonly reply: OcspReply };
}

/** What a credential needs that is there before it is minted. */
export interface ArrangedWith {
  /** The URL of the OCSP responder that its certificates name; default one that does not exist. */
  readonly ocspUrl?: string;
}

/** A credential of a client or server that is wrong in one respect (or, in the tier `control`, unusual in one). */
export interface CredentialScenario<Role extends Side = Side> extends ScenarioFacts {
  readonly id: CredentialScenarioId;
  readonly role: Role;
  /** Its certificates name an OCSP responder, which has to run: `runScenario` starts one. */
  readonly needsResponder?: true;
  /** Mints the credential under this PKI. Synchronous; each call mints anew. */
  arrange(pki: Pki, needs?: ArrangedWith): ArrangedCredential;
  /** Mints the same without the one respect: which must be accepted. */
  control(pki: Pki, needs?: ArrangedWith): ArrangedCredential;
}

/** A bad (or unusual) client credential, for a server under test. */
export type ClientScenario = CredentialScenario<'client'>;
/** A bad (or unusual) server credential, for a client under test. */
export type ServerScenario = CredentialScenario<'server'>;
