import type tls from 'node:tls';
import { decodePem, firstArmour } from '../asn1/pem.ts';
import { MtlsFixturesError, textOf } from '../errors/index.ts';
import { requireVersionRange } from '../handshake/engine-options.ts';
import { requireBoolean, requireHost, requireIdentity, requireIntegerIn, requireMilliseconds } from '../options/checks.ts';
import { functionOf, oneOf, type OptionSchema, requireOptionsOf } from '../options/schema.ts';
import type { Identity } from '../pki/identity.ts';
import { modernVersions, requireIdentityFor } from './real-peer.ts';
import { isGenuine, requireServerFault, type ServerFault } from './server-fault.ts';

/** Options of {@link startFaultServer}. All but `timeout`, `host`, `exposed` and `port` concern the real server behind a fault that needs one. */
export interface FaultServerOptions {
  /** Milliseconds after which a connection is ended at the latest; default 5000. Longer than the bound of the client under test, so that it is the client that gives up. */
  readonly timeout?: number;
  /** The address to bind; default 127.0.0.1. Others than loopback are warned of, once: `MTLS_FIXTURES_NOT_LOOPBACK`. */
  readonly host?: string;
  /** Other machines are meant to reach it: no warning. Default `false`. */
  readonly exposed?: boolean;
  /** Default: any free one. */
  readonly port?: number;
  /** What the real server presents. Needed for wrong-finished, wrong-certificate-verify, close-without-close-notify and one-byte-at-a-time. */
  readonly identity?: Identity;
  /**
   * The authorities that the real server names when it asks for a client certificate, as PEM text or something that has it; default: the
   * identity's anchors. It asks, and lets in whoever comes: nothing but the fault is wrong.
   */
  readonly trust?: string | { readonly anchors: string };
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3';
  readonly ALPNProtocols?: readonly string[];
  /** `one-byte-at-a-time`: what to do with a connection after its handshake; default: answer an HTTP/1.1 request with 200, echo anything else. */
  readonly onConnection?: (socket: tls.TLSSocket) => void;
}

/** The options with their defaults, checked. */
export interface ParsedFaultServer extends FaultServerOptions {
  readonly timeout: number;
  readonly host: string;
  readonly exposed: boolean;
  readonly port: number;
}

/** Checks a fault and the options of its server, before anything opens. */
export function parseFaultServer(fault: ServerFault, options: FaultServerOptions): ParsedFaultServer {
  requireServerFault(fault);
  requireOptionsOf(faultServerSchema, options);
  const { timeout = 5000, host = '127.0.0.1', exposed = false, port = 0, identity, onConnection } = options;
  if (isGenuine(fault)) requireIdentityFor(fault.kind, identity);
  requireVersionRange(options, modernVersions);
  if (onConnection !== undefined && fault.kind !== 'one-byte-at-a-time')
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'onConnection',
      value: typeof onConnection,
      expected: 'a function, and only beside the fault "one-byte-at-a-time"',
    });
  return { ...options, timeout, host, exposed, port };
}

function requireCertificates(_option: string, value: unknown): void {
  const pem = textOf(typeof value === 'string' ? value : Object(value).anchors);
  const labels = decodePem(pem).map(({ label }) => label);
  if (labels.length > 0 && labels.every((label) => label === 'CERTIFICATE')) return;
  throw new MtlsFixturesError('PEM_INVALID', {
    what: 'trust',
    value: firstArmour(pem),
    problem: 'it does not hold certificates, and nothing else',
  });
}

function requireProtocols(option: string, protocols: unknown): void {
  if (Array.isArray(protocols) && protocols.length > 0 && protocols.every((name) => typeof name === 'string' && name !== '')) return;
  throw new MtlsFixturesError('OPTION_INVALID', { option, value: textOf(protocols), expected: 'a list of names, e.g. h2' });
}

const faultServerSchema = {
  what: 'fault server option',
  own: {
    timeout: requireMilliseconds,
    host: (_option: string, value: unknown) => requireHost(value),
    exposed: requireBoolean,
    port: (option: string, value: unknown) => requireIntegerIn(option, value, 0, 65_535),
    identity: requireIdentity,
    trust: requireCertificates,
    minVersion: oneOf(modernVersions),
    maxVersion: oneOf(modernVersions),
    ALPNProtocols: requireProtocols,
    onConnection: functionOf('(socket) => void'),
  },
} satisfies OptionSchema;
