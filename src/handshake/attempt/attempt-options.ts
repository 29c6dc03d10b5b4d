import net, { type TcpNetConnectOpts } from 'node:net';
import type tls from 'node:tls';
import { decodePem } from '../../asn1/pem.ts';
import { nodeOptions } from '../../options/node-options.ts';
import { passedOn, requireOptionsOf } from '../../options/schema.ts';
import type { Identity } from '../../pki/identity.ts';
import type { StarttlsProtocol } from '../../wire/starttls/negotiate-starttls.ts';
import { usualWaits, type Waits } from './acceptance-watch.ts';
import { attemptSchema, requireEndpoint } from '../server/call-options.ts';
import { clientContext } from '../server/engine-options.ts';
import { requireIdentityBeside } from './certificate-message.ts';
import { anchorsPem, crlList, type RevocationLists, type Trust } from '../server/trust.ts';
import type { VerifyPeer } from '../server/verify-peer.ts';

/** Where to shake hands when it is not an `ObservedServer`. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** The name to ask for and to verify. Default: `host` where that is a name, else `localhost`. */
  readonly servername?: string;
  /** The protocol in which TLS has to be asked for before it begins. Default: TLS begins at once. */
  readonly starttls?: StarttlsProtocol;
}

/** How to try a handshake. Options of `tls.connect` and `net.connect` not named here pass through. */
export interface AttemptOptions extends Omit<tls.ConnectionOptions, ReservedOption>, TcpOptions {
  /** What to present. Default: no client certificate. */
  readonly identity?: Identity | undefined;
  /** Whom to trust. Default: the identity's anchors, else those of the observed server's own identity. */
  readonly trust?: Trust;
  /** PEM of the CRLs to check the server's chain against; Node wants one of every CA in the chain. */
  readonly crl?: RevocationLists;
  /** The name to ask for and to verify. Default `localhost`, or the endpoint's. */
  readonly servername?: string;
  readonly verifyPeer?: VerifyPeer;
  /**
   * DER certificates to put into the Certificate message in place of the identity's, the leaf first and checked by nobody: for what Node.js refuses to present,
   * such as a certificate of another key. The client still proves possession of the identity's key.
   */
  readonly certificateMessage?: readonly Uint8Array[];
  /** Milliseconds for the whole attempt, connecting and STARTTLS included; default 10,000. Then `HANDSHAKE_TIMEOUT`. */
  readonly timeout?: number;
  /**
   * Milliseconds to wait for a contradiction before an endpoint counts as accepting, whatever speaks for it but application data. Default: 500 after a session ticket or a
   * TLS 1.2 Finished, 1,000 without any sign. Never less than four round trips of the connection. See docs/evidence.md.
   */
  readonly quietPeriod?: number;
  /** Ends the attempt: it throws `ABORTED`, with the signal's reason as `cause`. */
  readonly signal?: AbortSignal;
}

/** Options of `net.connect` for the connection beneath. */
type TcpOptions = Partial<Pick<TcpNetConnectOpts, TcpOptionName>>;
type TcpOptionName = (typeof nodeOptions.netConnect)[number];

/** Options of tls.connect that would contradict ours, or are ours. */
type ReservedOption = keyof (typeof attemptSchema)['reserved'] | keyof (typeof attemptSchema)['own'] | TcpOptionName;

/** Everything an attempt needs, checked. */
export interface ParsedAttempt {
  readonly host: string;
  readonly port: number;
  readonly starttls: StarttlsProtocol | undefined;
  readonly timeout: number;
  readonly waits: Waits;
  readonly signal: AbortSignal | undefined;
  readonly verifyPeer: VerifyPeer | undefined;
  /** DER of what the client presents, the leaf first. */
  readonly ownChain: readonly Uint8Array[] | undefined;
  readonly certificateMessage: readonly Uint8Array[] | undefined;
  /** PEM of the anchors that came with the identity: the root that its own chain ends at, as a rule. */
  readonly ownAnchors: string | undefined;
  /** What goes to `net.connect`, beside host and port. */
  readonly tcpOptions: TcpOptions;
  readonly connectOptions: tls.ConnectionOptions;
}

/** Checks the options of one attempt. `fallbackAnchors` are the observed server's own, where there is one. */
export function parseAttempt(endpoint: Endpoint, options: AttemptOptions, fallbackAnchors: string | undefined): ParsedAttempt {
  requireOptionsOf(attemptSchema, options);
  requireEndpoint(endpoint);
  const { identity, trust, crl, servername, verifyPeer, certificateMessage, timeout = 10_000, quietPeriod, signal } = options;
  requireIdentityBeside(certificateMessage, identity);
  const { tcpOptions, tlsOptions } = splitByConnection(passedOn(attemptSchema, options));

  const name = servername ?? endpoint.servername ?? (net.isIP(endpoint.host) === 0 ? endpoint.host : 'localhost');
  return {
    host: endpoint.host,
    port: endpoint.port,
    starttls: endpoint.starttls,
    timeout,
    waits: quietPeriod === undefined ? usualWaits : { afterSign: quietPeriod, withoutSign: quietPeriod },
    signal,
    tcpOptions,
    verifyPeer,
    ownChain: certificateMessage ?? (identity && decodePem(identity.chainPem).map(({ der }) => der)),
    certificateMessage,
    ownAnchors: identity?.anchors,
    connectOptions: withContext({
      rejectUnauthorized: true,
      ...tlsOptions,
      ...nameOptions(name),
      ca: anchorsPem(trust ?? nonEmpty(identity?.anchors) ?? fallbackAnchors ?? '', () =>
        identity ? `the client "${identity.name}"` : 'the client',
      ),
      ...(identity && { key: identity.keyPem, cert: identity.chainPem }),
      ...(crl !== undefined && { crl: crlList(crl) }),
    }),
  };
}

/** Made, and checked, before anything is connected. */
function withContext(options: tls.ConnectionOptions): tls.ConnectionOptions {
  return { ...options, secureContext: clientContext(options) };
}

/** What is for the TCP connection, and what is for TLS on it. */
function splitByConnection(options: object): { readonly tcpOptions: TcpOptions; readonly tlsOptions: tls.ConnectionOptions } {
  const entries = Object.entries(options);
  return {
    tcpOptions: Object.fromEntries(entries.filter(([name]) => tcpOptionNames.has(name))),
    tlsOptions: Object.fromEntries(entries.filter(([name]) => !tcpOptionNames.has(name))),
  };
}

const tcpOptionNames: ReadonlySet<string> = new Set(nodeOptions.netConnect);

/** An IP address is verified but never sent as SNI (RFC 6066 3). */
function nameOptions(name: string): tls.ConnectionOptions {
  return net.isIP(name) === 0 ? { servername: name } : { host: name, servername: '' };
}

function nonEmpty(anchors: string | undefined): string | undefined {
  return anchors === '' ? undefined : anchors;
}
