import { invalidOption, textOf } from '../../errors/index.ts';
import { requireBoolean, requireIntegerIn, requireKnownOptions, requireOneOf, requireText } from '../../options/checks.ts';
import { type ServerFlightFault, serverFlightFaults } from '../flights/server/server-flight-fault.ts';
import { alertCode, type AlertName, alertSuggestion } from '../../wire/records/alerts.ts';

/** The one way in which a fault server misbehaves towards every client. */
export type ServerFault =
  /** Accepts TCP connections and never answers. */
  | { readonly kind: 'stall' }
  /** Sends an end of stream as soon as the connection is there. */
  | { readonly kind: 'close-on-connect' }
  /** Resets the connection as soon as it is there. */
  | { readonly kind: 'reset-on-connect' }
  | { readonly kind: 'close-after-client-hello' }
  | { readonly kind: 'reset-after-client-hello' }
  /** Half a ServerHello, then silence. */
  | { readonly kind: 'half-server-hello' }
  /** Half a ServerHello, then an end of stream. */
  | { readonly kind: 'truncated-server-hello' }
  | { readonly kind: 'server-hello-then-silence' }
  /** Answers the ClientHello with bytes that cannot be TLS, always the same, then silence. */
  | { readonly kind: 'garbage' }
  /** What an HTTP server without TLS does: 200 to a request in the clear, 400 to anything else. */
  | { readonly kind: 'plaintext-http' }
  /** Speaks first, as SMTP servers do, e.g. `220 mail.test ESMTP\r\n`; then silence. */
  | { readonly kind: 'banner'; readonly text: string }
  /** Answers the ClientHello with an alert in the clear, fatal unless said, then an end of stream. */
  | { readonly kind: 'alert'; readonly alert: AlertName; readonly level?: 'fatal' | 'warning' | undefined }
  /** Answers the ClientHello with `count` alerts of level warning (user_canceled), then silence. */
  | { readonly kind: 'warning-alert-flood'; readonly count: number }
  /** Answers with a record longer than any version of TLS allows. */
  | { readonly kind: 'oversized-record' }
  /** A ServerHello of TLS 1.2, then a Certificate message of `bytes` octets; OpenSSL's limit is 100 kB. For clients that offer TLS 1.2. */
  | { readonly kind: 'oversized-certificate'; readonly bytes: number }
  /** A ServerHello of TLS 1.2 whose random says that the server knows TLS 1.3 (RFC 8446 4.1.3), then silence. For clients that offer both. */
  | { readonly kind: 'downgrade-marker' }
  /** A real handshake, with one octet of the server's Finished changed. */
  | { readonly kind: 'wrong-finished' }
  /** A real handshake, with one octet of the server's signature changed: CertificateVerify, in TLS 1.2 ServerKeyExchange. */
  | { readonly kind: 'wrong-certificate-verify' }
  /**
   * A real handshake, an answer to the client's first bytes (HTTP, or an echo), then an end of stream without close_notify. The HTTP body
   * has no length, so only TLS can tell that it was cut; with `contentLength` it has one, and HTTP can tell too. With `greeting` that is
   * sent at once instead, without waiting for the client to speak.
   */
  | { readonly kind: 'close-without-close-notify'; readonly contentLength?: boolean | undefined; readonly greeting?: string | undefined }
  /** Not a fault but slowness: a real server whose every octet is sent on its own. A correct client accepts it. */
  | { readonly kind: 'one-byte-at-a-time' }
  /**
   * A handshake in which one flight of the server differs in one respect from that of a conforming server: keys, signatures and the Finished are those of what is sent. `unedited`
   * sends the flight as a conforming server would: the control, which a correct client accepts.
   */
  | { readonly kind: 'edited-flight'; readonly flight: ServerFlightFault; readonly unedited?: boolean | undefined };

/** The kinds of {@link ServerFault} behind which Node's own server stands, which needs an identity. */
export type RealServerKind = 'close-without-close-notify' | 'one-byte-at-a-time';

/** The kinds that the engine for tests shows, which needs an identity too. */
export type EngineServerKind = CorruptedMessageFault['kind'] | 'edited-flight';

/** A fault in the last octet of one message. */
export type CorruptedMessageFault = Extract<ServerFault, { readonly kind: 'wrong-finished' | 'wrong-certificate-verify' }>;

/** Whether a fault needs Node's own server with an identity behind it. */
export function needsRealServer<F extends { readonly kind: string }>(fault: F): fault is Extract<F, { readonly kind: RealServerKind }> {
  return realKinds.has(fault.kind);
}

/** Whether a fault is one that the engine for tests shows. */
export function needsEngine<F extends { readonly kind: string }>(fault: F): fault is Extract<F, { readonly kind: EngineServerKind }> {
  return engineKinds.has(fault.kind);
}

/** A fault in a flight of the server. */
export type EditedFlightFault = Extract<ServerFault, { readonly kind: 'edited-flight' }>;

/** Rejects what is not a server fault. */
export function requireServerFault(fault: ServerFault): void {
  const kind = textOf(Object(fault).kind); // null and text have none
  const optionNames = Object.hasOwn(optionsOf, kind) ? optionsOf[kind as ServerFault['kind']] : undefined; // it has just been found in the table
  if (!optionNames) throw invalidOption('fault', kind, `one of ${Object.keys(optionsOf).join(', ')}`);
  requireKnownOptions(`fault ${kind}`, fault, ['kind', ...optionNames]);
  if (fault.kind === 'banner') requireText('text', fault.text);
  if (fault.kind === 'close-without-close-notify') requireTruncation(fault);
  if (fault.kind === 'warning-alert-flood') requireIntegerIn('count', fault.count, 1, 100_000);
  if (fault.kind === 'oversized-certificate') requireIntegerIn('bytes', fault.bytes, 6, 2 ** 24 - 1);
  if (fault.kind === 'alert') requireAlert(fault);
  if (fault.kind === 'edited-flight') requireFlight(fault);
}

function requireTruncation({ contentLength, greeting }: { readonly contentLength?: unknown; readonly greeting?: unknown }): void {
  if (greeting !== undefined) requireText('greeting', greeting);
  if (contentLength !== undefined) requireBoolean('contentLength', contentLength);
}

function requireFlight({ flight, unedited }: { readonly flight?: unknown; readonly unedited?: unknown }): void {
  requireOneOf('flight', flight, serverFlightFaults);
  if (unedited !== undefined) requireBoolean('unedited', unedited);
}

function requireAlert({ alert, level = 'fatal' }: { readonly alert: string; readonly level?: string | undefined }): void {
  if (typeof alertCode(alert) !== 'number')
    throw invalidOption('alert', alert, `a registered name, e.g. unknown_ca${alertSuggestion(alert)}`);
  if (level !== 'fatal' && level !== 'warning') throw invalidOption('level', level, 'fatal or warning');
}

const realKinds: ReadonlySet<string> = new Set<RealServerKind>(['close-without-close-notify', 'one-byte-at-a-time']);
const engineKinds: ReadonlySet<string> = new Set<EngineServerKind>(['wrong-finished', 'wrong-certificate-verify', 'edited-flight']);

const optionsOf: { readonly [K in ServerFault['kind']]: readonly string[] } = {
  stall: [],
  'close-on-connect': [],
  'reset-on-connect': [],
  'close-after-client-hello': [],
  'reset-after-client-hello': [],
  'half-server-hello': [],
  'truncated-server-hello': [],
  'server-hello-then-silence': [],
  garbage: [],
  'plaintext-http': [],
  banner: ['text'],
  alert: ['alert', 'level'],
  'warning-alert-flood': ['count'],
  'oversized-record': [],
  'oversized-certificate': ['bytes'],
  'downgrade-marker': [],
  'wrong-finished': [],
  'wrong-certificate-verify': [],
  'close-without-close-notify': ['contentLength', 'greeting'],
  'one-byte-at-a-time': [],
  'edited-flight': ['flight', 'unedited'],
};
