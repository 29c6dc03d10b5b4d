import type { Duplex } from 'node:stream';
import type tls from 'node:tls';
import { invalidOption } from '../../errors/index.ts';
import { requireVersionRange } from '../../options/engine.ts';
import { requireBoolean, requireHost, requireIdentity, requireIntegerIn, requireMilliseconds, requireText } from '../../options/checks.ts';
import { checkedWhereRead, functionOf, oneOf, type OptionSchema, requireOptionsOf } from '../../options/schema.ts';
import type { Identity } from '../../pki/identity.ts';
import { type PemInput, writtenAnew } from '../../x509/pem-input.ts';
import { modernVersions, requireIdentityFor } from '../real-peer.ts';
import { needsEngine, needsRealServer, requireServerFault, type ServerFault } from './server-fault.ts';

/** Options of {@link startFaultServer}. All but `timeout`, `host`, `exposed` and `port` concern the real server behind a fault that needs one. */
export interface FaultServerOptions {
  /** Milliseconds after which a connection is ended at the latest; default 5000. Longer than the bound of the client under test, so that it is the client that gives up. */
  readonly timeout?: number | undefined;
  /** The address to bind; default 127.0.0.1. Others than loopback are warned of, once: `MTLS_FIXTURES_NOT_LOOPBACK`. */
  readonly host?: string | undefined;
  /** Other machines are meant to reach it: no warning. Default `false`. */
  readonly exposed?: boolean | undefined;
  /** Default: any free one. */
  readonly port?: number | undefined;
  /** What the real server presents. Needed for wrong-finished, wrong-certificate-verify, close-without-close-notify, one-byte-at-a-time and edited-flight. */
  readonly identity?: Identity | undefined;
  /**
   * The authorities that the real server names when it asks for a client certificate, as PEM text or something that has it; default: the
   * identity's anchors. It asks, and accepts every client: nothing but the fault is wrong.
   */
  readonly trust?: PemInput | { readonly anchors: string } | undefined;
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
  readonly ALPNProtocols?: readonly string[] | undefined;
  /** `one-byte-at-a-time`: what to do with a connection after its handshake; default: answer an HTTP/1.1 request with 200, echo anything else. */
  readonly onConnection?: ((socket: tls.TLSSocket) => void) | undefined;
  /** `edited-flight`: the same for the application data of a client that goes on, as a stream. */
  readonly onStream?: ((stream: ApplicationDataStream) => void) | undefined;
  /** `close-without-close-notify`: the whole body of the answer to an HTTP request, as application/json; default: text that is cut off. */
  readonly json?: string | undefined;
}

/** The application data of a connection, which servers of `node:http` and `node:http2` take in place of a socket. */
export interface ApplicationDataStream extends Duplex {
  /** Agreed on in the handshake; `false` where none was. */
  readonly alpnProtocol: string | false;
}

/** The options with their defaults, checked. */
export interface ParsedFaultServer extends FaultServerOptions {
  readonly trust?: string;
  readonly timeout: number;
  readonly host: string;
  readonly exposed: boolean;
  readonly port: number;
}

/** What of them concerns the real server behind a fault. */
export type RealServerOptions = Omit<ParsedFaultServer, 'timeout' | 'host' | 'exposed' | 'port'>;

/** Checks a fault and the options of its server, before anything opens. */
export function parseFaultServer(fault: ServerFault, options: FaultServerOptions): ParsedFaultServer {
  requireServerFault(fault);
  requireOptionsOf(faultServerSchema, options);
  const { timeout = 5000, host = '127.0.0.1', exposed = false, port = 0, identity, trust, onConnection, onStream } = options;
  if (needsRealServer(fault) || needsEngine(fault)) requireIdentityFor(fault.kind, identity);
  requireVersionRange(options, modernVersions);
  requireOnlyBeside('onConnection', onConnection, { fault, kind: 'one-byte-at-a-time' });
  requireOnlyBeside('onStream', onStream, { fault, kind: 'edited-flight' });
  const { trust: _asGiven, ...rest } = options;
  return { ...rest, timeout, host, exposed, port, ...(trust !== undefined && { trust: anchorsAnew(trust) }) };
}

function requireOnlyBeside(
  option: string,
  value: unknown,
  { fault, kind }: { readonly fault: ServerFault; readonly kind: ServerFault['kind'] },
): void {
  if (value === undefined || fault.kind === kind) return;
  throw invalidOption(option, typeof value, `a function, and only beside the fault "${kind}"`);
}

function anchorsAnew(trust: unknown): string {
  const input = typeof trust === 'object' && trust !== null && 'anchors' in trust ? trust.anchors : trust;
  return writtenAnew({ what: 'trust', kind: 'certificate' }, input).join('');
}

function requireProtocols(option: string, protocols: unknown): void {
  if (Array.isArray(protocols) && protocols.length > 0 && protocols.every((name) => typeof name === 'string' && name !== '')) return;
  throw invalidOption(option, protocols, 'a list of names, e.g. h2');
}

const faultServerSchema = {
  what: 'fault server option',
  own: {
    timeout: requireMilliseconds,
    host: (_option: string, value: unknown) => requireHost(value),
    exposed: requireBoolean,
    port: (option: string, value: unknown) => requireIntegerIn(option, value, 0, 65_535),
    identity: requireIdentity,
    trust: checkedWhereRead,
    minVersion: oneOf(modernVersions),
    maxVersion: oneOf(modernVersions),
    ALPNProtocols: requireProtocols,
    onConnection: functionOf('(socket) => void'),
    onStream: functionOf('(stream) => void'),
    json: requireText,
  },
} satisfies OptionSchema;
