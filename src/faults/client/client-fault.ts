import { invalidOption, textOf } from '../../errors/index.ts';
import { type ClientFlightFault, clientFlightFaults } from '../flights/client/client-flight-fault.ts';
import { requireIntegerIn, requireKnownOptions, requireOneOf } from '../../options/checks.ts';

/** The one way in which a client misbehaves towards a server under test. */
export type ClientFault =
  /** An HTTP request in the clear. */
  | { readonly kind: 'plaintext-http' }
  /** A request for a tunnel in the clear, as to an HTTP proxy. */
  | { readonly kind: 'http-connect' }
  /** Bytes that cannot be TLS, always the same. */
  | { readonly kind: 'garbage' }
  | { readonly kind: 'zero-bytes' }
  /** A ClientHello of SSL 2.0 (RFC 5246 E.2), forbidden since RFC 6176. */
  | { readonly kind: 'sslv2-hello' }
  /** A record of application data where a ClientHello is due. */
  | { readonly kind: 'application-data-first' }
  /** Connects and ends the stream without a byte. */
  | { readonly kind: 'connect-and-close' }
  /** Half a ClientHello, then an end of stream. */
  | { readonly kind: 'truncated-client-hello' }
  /** Half a ClientHello, then silence. */
  | { readonly kind: 'stalled-handshake' }
  | { readonly kind: 'close-after-client-hello' }
  | { readonly kind: 'reset-after-client-hello' }
  /** A ClientHello, then bytes that cannot be TLS. */
  | { readonly kind: 'random-bytes-after-hello' }
  /** A record longer than any version of TLS allows where a ClientHello is due. */
  | { readonly kind: 'oversized-record' }
  /** A ClientHello, then `count` alerts of level warning (user_canceled). */
  | { readonly kind: 'warning-alert-flood'; readonly count: number }
  /** A ClientHello that offers TLS 1.0 and nothing else. */
  | { readonly kind: 'client-hello-tls10' }
  /** A ClientHello that offers TLS 1.1 and nothing else. */
  | { readonly kind: 'client-hello-tls11' }
  /** A complete handshake, then an end of stream without close_notify. */
  | { readonly kind: 'half-close' }
  /** A real handshake, with one octet of the client's Finished changed. */
  | { readonly kind: 'wrong-finished' }
  /** A real handshake, with one octet of the signature in the client's CertificateVerify changed. */
  | { readonly kind: 'wrong-certificate-verify' }
  /** Not a fault but slowness: a real client whose every octet is sent on its own. A correct server accepts it. */
  | { readonly kind: 'one-byte-at-a-time' }
  /** Not a fault either: a real client whose ClientHello is in two TLS records (RFC 8446 5.1), cut in the header of the message or in the name that it asks for. A correct server accepts it. */
  | { readonly kind: 'split-client-hello'; readonly at: 'header' | 'server-name' }
  /** A handshake in which one message differs from what a correct client sends. */
  | EditedFlightFault;

/** A handshake of the engine for tests that one edit makes wrong. */
export interface EditedFlightFault {
  readonly kind: 'edited-flight';
  readonly flight: ClientFlightFault;
}

/** The kinds of {@link ClientFault} that Node's own TLS client shows. */
export type RealClientKind = 'half-close' | 'one-byte-at-a-time' | 'split-client-hello';

/** The kinds that the engine for tests shows. */
export type EngineClientKind = CorruptedMessageFault['kind'] | 'edited-flight';

/** A fault in the last octet of one message. */
export type CorruptedMessageFault = Extract<ClientFault, { readonly kind: 'wrong-finished' | 'wrong-certificate-verify' }>;

/** A fault that a real TLS client shows. */
export type RealClientFault = Extract<ClientFault, { readonly kind: RealClientKind }>;

/** Whether a fault is shown by a real TLS client. */
export function needsRealClient(fault: ClientFault): fault is RealClientFault {
  return realKinds.has(fault.kind);
}

/** Rejects what is not a client fault. */
export function requireClientFault(fault: ClientFault): void {
  const kind = textOf(Object(fault).kind); // null and text have none
  if (!kinds.has(kind)) throw invalidOption('fault', kind, `one of ${[...kinds].join(', ')}`);
  const own: Partial<Record<string, string>> = { 'warning-alert-flood': 'count', 'split-client-hello': 'at', 'edited-flight': 'flight' };
  requireKnownOptions(`fault ${kind}`, fault, ['kind', own[kind] ?? []].flat());
  if (fault.kind === 'warning-alert-flood') requireIntegerIn('count', fault.count, 1, 100_000);
  if (fault.kind === 'split-client-hello') requireOneOf('at', fault.at, ['header', 'server-name']);
  if (fault.kind === 'edited-flight') requireOneOf('flight', fault.flight, clientFlightFaults);
}

const realKinds: ReadonlySet<string> = new Set<RealClientKind>(['half-close', 'one-byte-at-a-time', 'split-client-hello']);

const kinds: ReadonlySet<string> = new Set<ClientFault['kind']>([
  'plaintext-http',
  'http-connect',
  'garbage',
  'zero-bytes',
  'sslv2-hello',
  'application-data-first',
  'connect-and-close',
  'truncated-client-hello',
  'stalled-handshake',
  'close-after-client-hello',
  'reset-after-client-hello',
  'random-bytes-after-hello',
  'oversized-record',
  'warning-alert-flood',
  'client-hello-tls10',
  'client-hello-tls11',
  'half-close',
  'wrong-finished',
  'wrong-certificate-verify',
  'one-byte-at-a-time',
  'split-client-hello',
  'edited-flight',
]);
