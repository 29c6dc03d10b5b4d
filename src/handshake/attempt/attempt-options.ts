import type { TcpNetConnectOpts } from 'node:net';
import type tls from 'node:tls';
import { invalidOption } from '../../errors/index.ts';
import { decodePem } from '../../asn1/pem.ts';
import { nodeOptions } from '../../options/node-options.ts';
import { passedOn, requireOptionsOf } from '../../options/schema.ts';
import { nameOptions, servernameFor } from '../../net/addresses.ts';
import type { Identity } from '../../pki/identity.ts';
import type { StarttlsProtocol } from '../../wire/starttls/negotiate-starttls.ts';
import { usualWaits, type Waits } from './acceptance-watch.ts';
import { attemptSchema, requireEndpoint } from '../server/call-options.ts';
import { clientContext } from '../server/engine-options.ts';
import { anchorsPem, crlList, type RevocationLists, type Trust } from '../server/trust.ts';
import type { VerifyPeer } from '../verdict/verify-peer.ts';

/** Where to connect when the target is not an `ObservedServer`. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** The name to ask for and to verify. Default: `host` where that is a name, else `localhost`. */
  readonly servername?: string | undefined;
  /** The protocol in which TLS has to be asked for before it begins. Default: TLS begins at once. */
  readonly starttls?: StarttlsProtocol | undefined;
}

/** How to try a handshake. Options of `tls.connect` and `net.connect` not named here pass through. */
export interface AttemptOptions
  extends
    Omit<
      tls.ConnectionOptions,
      | 'ALPNCallback'
      | 'SNICallback'
      | 'ca'
      | 'cert'
      | 'clientCertEngine'
      | 'crl'
      | 'host'
      | 'key'
      | 'lookup'
      | 'passphrase'
      | 'path'
      | 'pfx'
      | 'port'
      | 'privateKeyEngine'
      | 'privateKeyIdentifier'
      | 'requestCert'
      | 'secureContext'
      | 'servername'
      | 'socket'
      | 'timeout'
    >,
    Partial<
      Omit<
        TcpNetConnectOpts,
        'allowHalfOpen' | 'fd' | 'handle' | 'host' | 'onread' | 'path' | 'port' | 'readable' | 'signal' | 'timeout' | 'writable'
      >
    > {
  /** What to present. Default: no client certificate. */
  readonly identity?: Identity | undefined;
  /** The trust anchors. Default: the identity's, else those of the observed server's own identity. */
  readonly trust?: Trust | undefined;
  /** PEM of the CRLs to check the server's chain against; Node requires one of every CA in the chain. */
  readonly crl?: RevocationLists | undefined;
  /** The name to ask for and to verify. Default `localhost`, or the endpoint's. */
  readonly servername?: string | undefined;
  readonly verifyPeer?: VerifyPeer | undefined;
  /**
   * DER certificates to put into the Certificate message in place of the identity's, the leaf first and unchecked: for what Node.js refuses to present,
   * such as a certificate of another key. The client still proves possession of the identity's key.
   */
  readonly certificateMessage?: readonly Uint8Array[] | undefined;
  /** Milliseconds for the whole attempt, connecting and STARTTLS included; default 10,000. Then `HANDSHAKE_TIMEOUT`. */
  readonly timeout?: number | undefined;
  /**
   * Milliseconds to wait for a contradiction before an endpoint counts as accepting, whatever speaks for it but application data. Default: 500 after a session ticket or a
   * TLS 1.2 Finished, 1,000 without any sign. Never less than four round trips of the connection. See docs/evidence.md.
   */
  readonly quietPeriod?: number | undefined;
  /** Ends the attempt: it throws `ABORTED`, with the signal's reason as `cause`. */
  readonly signal?: AbortSignal | undefined;
}

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
  readonly tcpOptions: Partial<TcpNetConnectOpts>;
  readonly connectOptions: tls.ConnectionOptions;
}

/** Checks the options of one attempt. `fallbackAnchors` are the observed server's own, where there is one. */
export function parseAttempt(endpoint: Endpoint, options: AttemptOptions, fallbackAnchors: string | undefined): ParsedAttempt {
  requireOptionsOf(attemptSchema, options);
  requireEndpoint(endpoint);
  const { identity, trust, crl, servername, verifyPeer, certificateMessage, timeout = 10_000, quietPeriod, signal } = options;
  requireIdentityBeside(certificateMessage, identity);
  const { tcpOptions, tlsOptions } = splitByConnection(passedOn(attemptSchema, options));

  const name = servername ?? endpoint.servername ?? servernameFor(endpoint.host);
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

/** Refuses a Certificate message without an identity: a proof of possession needs a key. */
function requireIdentityBeside(certificateMessage: unknown, identity: unknown): void {
  if (certificateMessage !== undefined && identity === undefined)
    throw invalidOption('certificateMessage', 'without identity', 'a list of DER certificates, beside an identity whose key signs');
}

/** Made, and checked, before anything is connected. */
function withContext(options: tls.ConnectionOptions): tls.ConnectionOptions {
  return { ...options, secureContext: clientContext(options) };
}

/** What is for the TCP connection, and what is for TLS on it. */
function splitByConnection(options: object): {
  readonly tcpOptions: Partial<TcpNetConnectOpts>;
  readonly tlsOptions: tls.ConnectionOptions;
} {
  const entries = Object.entries(options);
  return {
    tcpOptions: Object.fromEntries(entries.filter(([name]) => tcpOptionNames.has(name))),
    tlsOptions: Object.fromEntries(entries.filter(([name]) => !tcpOptionNames.has(name))),
  };
}

const tcpOptionNames: ReadonlySet<string> = new Set(nodeOptions.netConnect);

function nonEmpty(anchors: string | undefined): string | undefined {
  return anchors === '' ? undefined : anchors;
}
