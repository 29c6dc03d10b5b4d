import type tls from 'node:tls';
import { requireIdentity } from '../../options/checks.ts';
import { type OptionSchema, passedOn, requireOptionsOf } from '../../options/schema.ts';
import type { Identity } from '../../pki/identity.ts';
import { observeSchema, type tlsServerSchema } from './call-options.ts';
import { requireUsableServer } from './engine-options.ts';
import type { ObserverPolicy } from '../observe/observer-policy.ts';
import type { Staple } from './staple.ts';
import { anchorsPem, crlList, type RevocationLists, type Trust } from './trust.ts';
import type { VerifyPeer } from './verify-peer.ts';

/** How an observed server decides, whoever made it. */
export interface ObserveOptions {
  /** `alert` (default): a refused client is told why by the alert that a conforming server sends. `silent`: Node's own behavior, no alert. */
  readonly rejection?: 'alert' | 'silent';
  /** The application's own decision about a verified client; an objection rejects it with the alert access_denied. */
  readonly verifyPeer?: VerifyPeer;
  /**
   * Milliseconds after which a completed handshake counts as accepted although the client has sent nothing yet. Default: 1,000, and 2,000 on HTTP servers, where the client
   * speaks first. Never less than four round trips of the connection.
   */
  readonly clientQuietPeriod?: number;
  /** How many handshakes the server remembers, 20 kB each: the oldest are forgotten first, handed out or not. Default: all of them, which a server that lives long cannot afford. */
  readonly maxHandshakes?: number;
  /** What the server presents, so that `attemptHandshake` knows whom to trust and `rotate` what to keep. */
  readonly identity?: Identity;
  /** `observe` only: the server's other TLS settings, which `rotate` would otherwise reset to Node's defaults. */
  readonly context?: tls.SecureContextOptions;
}

/** How to start a server. Options of `tls.createServer` not named here pass through, and for HTTP servers those of `http.createServer`. */
export interface ServerOptions extends Omit<tls.TlsOptions, ReservedOption>, Omit<ObserveOptions, 'identity' | 'context'> {
  /** What the server presents. */
  readonly identity: Identity;
  /** Whose clients are let in; default: the identity's anchors. */
  readonly trust?: Trust;
  /** PEM of CRLs, one text or several; Node wants one of every CA in the chain (`pki.crls()`). */
  readonly crl?: RevocationLists;
  /** `require` (default) a verified client certificate; `request` one and let everybody in; `none`. */
  readonly clientAuth?: 'require' | 'request' | 'none';
  /**
   * DER certificates to put into the Certificate message in place of the identity's, the leaf first and checked by nobody: for what Node.js refuses to present.
   * The server still proves possession of the identity's key.
   */
  readonly certificateMessage?: readonly Uint8Array[];
  /**
   * What to staple for clients that ask for the certificate's status: DER of an OCSP response, e.g. `pki.issuer.ocspResponse(identity)`,
   * or a function that is asked at each such handshake. Default: nothing.
   */
  readonly staple?: Staple;
  /** The address to bind; default 127.0.0.1. Others than loopback are warned of, once: `MTLS_FIXTURES_NOT_LOOPBACK`. */
  readonly host?: string;
  /** Other machines are meant to reach it: no warning. Not needed for the address of `hostGateway()`. Default `false`. */
  readonly exposed?: boolean;
  /** A port, or a list of which the first free one is taken; default: any free one. */
  readonly port?: number | Iterable<number>;
}

/** Options of tls.createServer that would contradict ours, or are ours. */
type ReservedOption = keyof (typeof tlsServerSchema)['reserved'] | keyof (typeof tlsServerSchema)['own'];

/** The part of the policy that options decide. */
export type DecisionPolicy = Omit<
  ObserverPolicy,
  'clientSpeaksFirst' | 'presented' | 'certificateMessage' | 'anchors' | 'verifyContext'
> & {
  readonly maxHandshakes: number;
};

/** Everything a server needs, checked. */
export interface ParsedServer {
  readonly identity: Identity;
  readonly tlsOptions: tls.TlsOptions;
  readonly policy: DecisionPolicy;
  readonly certificateMessage: readonly Uint8Array[] | undefined;
  readonly staple: Staple | undefined;
  readonly host: string;
  readonly exposed: boolean;
  readonly port: number | Iterable<number>;
}

/** Checks the options of a server, before anything opens. */
export function parseServer(schema: OptionSchema, options: ServerOptions): ParsedServer {
  requireOptionsOf(schema, options);
  const {
    identity,
    trust,
    crl,
    clientAuth = 'require',
    certificateMessage,
    staple,
    host = '127.0.0.1',
    exposed = false,
    port = 0,
  } = options;
  requireIdentity('identity', identity);
  const settings: tls.TlsOptions = passedOn(schema, options);
  requireUsableServer(settings);
  const ca =
    clientAuth === 'none' && trust === undefined ? undefined : anchorsPem(trust ?? identity.anchors, () => `the server "${identity.name}"`);
  return {
    identity,
    policy: policyOf(options),
    certificateMessage,
    staple,
    host,
    exposed,
    port,
    tlsOptions: {
      ...settings,
      key: identity.keyPem,
      cert: identity.chainPem,
      ...(ca !== undefined && { ca }),
      ...(crl !== undefined && { crl: crlList(crl) }),
      requestCert: clientAuth !== 'none',
      rejectUnauthorized: clientAuth === 'require',
    },
  };
}

/** Checks the options of `observe`. */
export function parsePolicy(options: ObserveOptions): DecisionPolicy {
  requireOptionsOf(observeSchema, options);
  return policyOf(options);
}

function policyOf({ rejection = 'alert', verifyPeer, clientQuietPeriod, maxHandshakes = Infinity }: ObserveOptions): DecisionPolicy {
  return { rejection, verifyPeer, clientQuietPeriod, maxHandshakes };
}
