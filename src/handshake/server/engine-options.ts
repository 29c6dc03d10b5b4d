import { Duplex } from 'node:stream';
import type tls from 'node:tls';
import { nodeTls, requireUsable, requireVersionRange } from '../../options/engine.ts';

/** The secure context of a client with these options, checked: it can be made, and it has something to offer. */
export function clientContext(options: tls.ConnectionOptions): tls.SecureContext {
  requireVersionRange(options);
  return requireUsable(() => {
    const secureContext = nodeTls().createSecureContext({ ...options, ciphers: options.ciphers ?? nodeTls().DEFAULT_CIPHERS });
    if (Object.entries(options).some(([name, value]) => value !== undefined && !isPlain.has(name)))
      requireClientHello({ ...options, secureContext });
    return secureContext;
  }, clientWords);
}

/** Refuses options with which a server could agree on nothing. What `tls.createServer` itself refuses is left to it. */
export function requireUsableServer(options: tls.TlsOptions): void {
  requireVersionRange(options);
  const { ciphers, ecdhCurve, secureOptions, minVersion, maxVersion, secureProtocol, pskCallback } = options;
  if ([ciphers, ecdhCurve, secureOptions].every((value) => value === undefined) || secureProtocol !== undefined) return;
  const given = Object.entries({ ciphers, ecdhCurve, secureOptions, minVersion, maxVersion }).filter(([, value]) => value !== undefined);
  // What a client can offer with these settings is what a server can choose from.
  requireUsable(
    () => requireClientHello({ ...Object.fromEntries(given), ca: [], ...(pskCallback && { pskCallback: () => null }) }),
    serverWords,
  );
}

/**
 * Has Node write a ClientHello that is sent nowhere. Options that leave nothing to offer, such as ciphers of TLS 1.3 below a maxVersion of 1.2, make OpenSSL
 * write an alert in its place, in the same turn (measured on Node 22, 24 and 26.10).
 */
function requireClientHello(options: tls.ConnectionOptions): void {
  // A PSK is asked for, and a trace printed, when the hello is written: which is left to the real one. Without a callback there are no ciphers of PSK.
  const { pskCallback, enableTrace: _enableTrace, ...others } = options;
  const quiet: tls.ConnectionOptions = { ...others, ...(pskCallback && { pskCallback: () => null }) };
  let first: number | undefined;
  const nowhere = new Duplex({
    read() {},
    write(chunk: Uint8Array, _encoding, done) {
      first ??= chunk[0];
      done();
    },
  });
  const socket = nodeTls().connect({ ...quiet, socket: nowhere });
  socket.on('error', () => {});
  socket.destroy();
  if (first === alertType)
    throw new Error('nothing is left to offer in a handshake: protocol versions, ciphers and groups exclude each other');
}

/** What needs no trial: a secure context can be made of it or not. */
const isPlain: ReadonlySet<string> = new Set([
  'ca',
  'cert',
  'crl',
  'key',
  'host',
  'servername',
  'minVersion',
  'maxVersion',
  'rejectUnauthorized',
  'requestOCSP',
  'session',
]);
const clientWords = { option: 'tls options', expected: 'options that tls.connect takes' };
const serverWords = { option: 'server options', expected: 'options that tls.createServer takes' };
/** The content type of an alert (RFC 8446 5.1). */
const alertType = 21;
