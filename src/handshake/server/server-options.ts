import type tls from 'node:tls';
import { invalidOption } from '../../errors/index.ts';
import { type OptionSchema, passedOn, requireOptionsOf } from '../../options/schema.ts';
import type { Identity } from '../../pki/identity.ts';
import type { Pki } from '../../pki/pki.ts';
import { observeSchema } from './call-options.ts';
import { requireUsableServer } from './engine-options.ts';
import type { ObserverPolicy } from '../observe/observer-policy.ts';
import type { Staple } from './staple.ts';
import { type ClientAuth, verification } from './client-verification.ts';
import { type Hosts, type ParsedHost, parseHosts } from './host-options.ts';
import type { RevocationLists, Trust } from './trust.ts';
import type { VerifyPeer } from '../verdict/verify-peer.ts';

/** How an observed server decides. */
export interface ObserveOptions {
  /** `alert` (default): a refused client gets the alert that a conforming server sends. `silent`: Node's own behavior, no alert. */
  readonly rejection?: 'alert' | 'silent' | undefined;
  /** The application's own decision about a verified client; an objection rejects it with the alert access_denied. */
  readonly verifyPeer?: VerifyPeer | undefined;
  /**
   * Milliseconds after which a completed handshake counts as accepted although the client has sent nothing yet. Default: 1,000, and 2,000 on HTTP servers, where the client
   * speaks first. Never less than four round trips of the connection.
   */
  readonly clientQuietPeriod?: number | undefined;
  /** How many handshakes the server remembers, 20 kB each: the oldest are forgotten first, handed out or not. Default: all of them, which takes too much memory in a server that runs for long. */
  readonly maxHandshakes?: number | undefined;
  /** What the server presents, so that `attemptHandshake` knows which anchors to trust, and `rotate` what to keep. */
  readonly identity?: Identity | undefined;
  /**
   * Issued the server's certificate (unless `identity` names another) and those of its clients: `attemptHandshake` trusts its anchors, and `toReject` takes its control from it.
   */
  readonly pki?: Pki | undefined;
  /** `observe` only: the server's other TLS settings, which `rotate` would otherwise reset to Node's defaults. */
  readonly context?: tls.SecureContextOptions | undefined;
}

/** How to start a server. Options of `tls.createServer` not named here pass through, and for HTTP servers those of `http.createServer`. */
export interface ServerOptions
  extends
    Omit<
      tls.TlsOptions,
      | 'ca'
      | 'cert'
      | 'clientCertEngine'
      | 'crl'
      | 'key'
      | 'passphrase'
      | 'pfx'
      | 'privateKeyEngine'
      | 'privateKeyIdentifier'
      | 'rejectUnauthorized'
      | 'requestCert'
      | 'requestOCSP'
      | 'secureContext'
    >,
    Omit<ObserveOptions, 'identity' | 'pki' | 'context'> {
  /** What the server presents. */
  readonly identity: Identity;
  /** The anchors that clients are verified against; default: the identity's. */
  readonly trust?: Trust | undefined;
  /** PEM of CRLs, one text or several; Node requires one of every CA in the chain (`pki.crls()`). */
  readonly crl?: RevocationLists | undefined;
  /** `require` (default) a verified client certificate; `request` one and accept every client; `none`. */
  readonly clientAuth?: ClientAuth | undefined;
  /**
   * Other names by which clients may ask for the server (SNI, compared without regard to case), each with a certificate, anchors, CRLs and `clientAuth` of its own, and with sessions
   * of its own. Every other name, and none, is served with the options above. A `certificateMessage` and a `staple` are not for these names.
   */
  readonly hosts?: Hosts | undefined;
  /**
   * DER certificates to put into the Certificate message in place of the identity's, the leaf first and unchecked: for what Node.js refuses to present.
   * The server still proves possession of the identity's key.
   */
  readonly certificateMessage?: readonly Uint8Array[] | undefined;
  /**
   * What to staple for clients that ask for the certificate's status: DER of an OCSP response, e.g. `pki.issuer.ocspResponse(identity)`,
   * or a function that is asked at each such handshake. Default: nothing.
   */
  readonly staple?: Staple | undefined;
  /** The address to bind; default 127.0.0.1. For others than loopback a warning is printed, once: `MTLS_FIXTURES_NOT_LOOPBACK`. */
  readonly host?: string | undefined;
  /** Other machines are meant to reach it: no warning. Not needed for the address of `hostGateway()`. Default `false`. */
  readonly exposed?: boolean | undefined;
  /** A port, or a list of which the first free one is taken; default: any free one. */
  readonly port?: number | Iterable<number> | undefined;
}

/** The same with the PKI that issues what the server presents. */
export interface PkiServerOptions extends Omit<ServerOptions, 'identity'> {
  /** Issues the server's identity by `pki.server()`, and its clients' too: `trust` defaults to its anchors. */
  readonly pki: Pki;
  /** What the server presents in place of `pki.server()`. */
  readonly identity?: Identity | undefined;
}

/** The part of the policy that options decide. */
export type DecisionPolicy = Omit<
  ObserverPolicy,
  'clientSpeaksFirst' | 'presented' | 'certificateMessage' | 'anchors' | 'verifyContext' | 'namedContext'
> & {
  readonly maxHandshakes: number;
};

/** Everything a server needs, checked. */
export interface ParsedServer {
  readonly identity: Identity;
  readonly pki: Pki | undefined;
  readonly tlsOptions: tls.TlsOptions;
  readonly policy: DecisionPolicy;
  readonly certificateMessage: readonly Uint8Array[] | undefined;
  readonly staple: Staple | undefined;
  readonly host: string;
  readonly exposed: boolean;
  readonly port: number | Iterable<number>;
  readonly hosts: readonly ParsedHost[];
}

/** Checks the options of a server, before anything opens. */
export function parseServer(schema: OptionSchema, options: ServerOptions | PkiServerOptions): ParsedServer {
  requireOptionsOf(schema, options);
  const { certificateMessage, staple, host = '127.0.0.1', exposed = false, port = 0, trust, crl, clientAuth, hosts } = options;
  const settings: tls.TlsOptions = passedOn(schema, options);
  const pki = pkiOf(options);
  const identity = identityOf(options);
  const verified = verification({ trust, crl, clientAuth }, { fallback: pki ?? identity, who: () => `the server "${identity.name}"` });
  requireUsableServer(settings);
  return {
    identity,
    pki,
    policy: policyOf(options),
    certificateMessage,
    staple,
    host,
    exposed,
    port,
    tlsOptions: { ...settings, key: identity.keyPem, cert: identity.chainPem, ...verified },
    hosts: hosts === undefined ? [] : parseHosts(hosts, { pki, identity, trust, settings }),
  };
}

function identityOf(options: ServerOptions | PkiServerOptions): Identity {
  const identity = options.identity ?? pkiOf(options)?.server();
  if (identity) return identity;
  throw invalidOption('identity', 'undefined', 'an Identity, e.g. pki.server(), or a Pki as the option pki');
}

function pkiOf(options: ServerOptions | PkiServerOptions): Pki | undefined {
  return 'pki' in options ? options.pki : undefined;
}

/** Checks the options of `observe`. */
export function parsePolicy(options: ObserveOptions): DecisionPolicy {
  requireOptionsOf(observeSchema, options);
  return policyOf(options);
}

function policyOf({ rejection = 'alert', verifyPeer, clientQuietPeriod, maxHandshakes = Infinity }: ObserveOptions): DecisionPolicy {
  return { rejection, verifyPeer, clientQuietPeriod, maxHandshakes };
}
