import net from 'node:net';
import type tls from 'node:tls';
import { decodePem } from '../asn1/pem.ts';
import { MtlsFixturesError, textOf } from '../errors/index.ts';
import { refuseMisspelt, requireHost, requireIntegerIn, requireMilliseconds, requireOneOf, requireOptions } from '../options/checks.ts';
import type { Identity } from '../pki/identity.ts';
import { type StarttlsProtocol, starttlsProtocols } from '../wire/starttls/negotiate-starttls.ts';
import { requireCertificateMessage, requireIdentity } from './option-checks.ts';
import { anchorsPem, crlList, type RevocationLists, type Trust } from './trust.ts';
import type { VerifyPeer } from './verify-peer.ts';

/** Where to shake hands when it is not an `ObservedServer`. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** The name to ask for and to verify. Default: `host` where that is a name, else `localhost`. */
  readonly servername?: string;
  /** The protocol in which TLS has to be asked for before it begins. Default: TLS begins at once. */
  readonly starttls?: StarttlsProtocol;
}

/** How to try a handshake. Options of `tls.connect` not named here pass through. */
export interface AttemptOptions extends Omit<tls.ConnectionOptions, ReservedOption> {
  /** What to present. Default: no client certificate. */
  readonly identity?: Identity;
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
  /** Milliseconds until `HANDSHAKE_TIMEOUT`; default 10,000. */
  readonly timeout?: number;
  /** Milliseconds to wait for a contradiction where a TLS 1.3 server gives no evidence of acceptance; default 1,000: a far or busy one refuses late. */
  readonly quietPeriod?: number;
}

/** Options of tls.connect that would contradict ours. */
type ReservedOption =
  | 'host'
  | 'port'
  | 'path'
  | 'socket'
  | 'ca'
  | 'key'
  | 'cert'
  | 'pfx'
  | 'crl'
  | 'servername'
  | 'timeout'
  | 'secureContext';

const attemptOptionNames: readonly string[] = [
  'identity',
  'trust',
  'servername',
  'verifyPeer',
  'certificateMessage',
  'timeout',
  'quietPeriod',
  'minVersion',
  'maxVersion',
  'ALPNProtocols',
];

/** Everything an attempt needs, checked. */
export interface ParsedAttempt {
  readonly host: string;
  readonly port: number;
  readonly starttls: StarttlsProtocol | undefined;
  readonly timeout: number;
  readonly quietPeriod: number;
  readonly verifyPeer: VerifyPeer | undefined;
  /** DER of what the client presents, the leaf first. */
  readonly ownChain: readonly Uint8Array[] | undefined;
  readonly certificateMessage: readonly Uint8Array[] | undefined;
  readonly connectOptions: tls.ConnectionOptions;
}

/** Checks the options of one attempt. `fallbackAnchors` are the observed server's own, where there is one. */
export function parseAttempt(endpoint: Endpoint, options: AttemptOptions, fallbackAnchors: string | undefined): ParsedAttempt {
  requireOptions('attempt options', options);
  const {
    identity,
    trust,
    crl,
    servername,
    verifyPeer,
    certificateMessage,
    timeout = 10_000,
    quietPeriod = 1000,
    ...passedThrough
  } = options;
  refuseReserved(passedThrough);
  refuseMisspelt('attempt option', passedThrough, attemptOptionNames);
  requireIntegerIn('port', endpoint.port, 1, 65_535);
  requireHost(endpoint.host);
  if (endpoint.starttls !== undefined) requireOneOf('starttls', endpoint.starttls, starttlsProtocols());
  requireMilliseconds('timeout', timeout);
  requireMilliseconds('quietPeriod', quietPeriod);
  if (identity !== undefined) requireIdentity(identity);
  requireCertificateMessage(certificateMessage, identity);

  for (const given of [servername, endpoint.servername]) if (given !== undefined) requireName(given);
  const name = servername ?? endpoint.servername ?? (net.isIP(endpoint.host) === 0 ? endpoint.host : 'localhost');
  return {
    host: endpoint.host,
    port: endpoint.port,
    starttls: endpoint.starttls,
    timeout,
    quietPeriod,
    verifyPeer,
    ownChain: certificateMessage ?? (identity && decodePem(identity.chainPem).map(({ der }) => der)),
    certificateMessage,
    connectOptions: {
      rejectUnauthorized: true,
      ...passedThrough,
      ...nameOptions(name),
      ca: anchorsPem(
        trust ?? nonEmpty(identity?.anchors) ?? fallbackAnchors ?? '',
        identity ? `the client "${identity.name}"` : 'the client',
      ),
      ...(identity && { key: identity.keyPem, cert: identity.chainPem }),
      ...(crl !== undefined && { crl: crlList(crl) }),
    },
  };
}

function requireName(servername: unknown): void {
  if (typeof servername !== 'string')
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'servername',
      value: textOf(servername),
      expected: 'a host name or an IP address',
    });
}

/** An IP address is verified but never sent as SNI (RFC 6066 3). */
function nameOptions(name: string): tls.ConnectionOptions {
  return net.isIP(name) === 0 ? { servername: name } : { host: name, servername: '' };
}

function nonEmpty(anchors: string | undefined): string | undefined {
  return anchors === '' ? undefined : anchors;
}

function refuseReserved(options: object): void {
  const reserved = ['key', 'cert', 'pfx', 'ca', 'socket', 'path', 'host', 'port', 'starttls', 'secureContext'].find(
    (name) => name in options,
  );
  if (reserved !== undefined)
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'attempt option',
      value: reserved,
      expected: 'identity and trust instead of key, cert and ca; the target instead of host, port and starttls',
    });
}
