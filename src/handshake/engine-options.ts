import { Duplex } from 'node:stream';
import type tls from 'node:tls';
import { MtlsFixturesError, textOf } from '../errors/index.ts';
import { describeError } from './node-error.ts';
import { nodeTls } from './node-tls.ts';

/** Lets Node's TLS engine look at options that only it can judge, before anything opens. What it throws becomes `OPTION_INVALID`. */
export function requireUsable<T>(use: () => T, { option, expected }: { readonly option: string; readonly expected: string }): T {
  try {
    return use();
  } catch (cause) {
    if (cause instanceof MtlsFixturesError) throw cause;
    throw new MtlsFixturesError('OPTION_INVALID', { option, value: describeError(cause).text, expected }, { cause });
  }
}

/** Refuses names that are not versions of TLS, and a range without one: OpenSSL takes it and fails in the handshake. */
export function requireVersionRange(range: { readonly minVersion?: unknown; readonly maxVersion?: unknown }, known = versions): void {
  const { minVersion, maxVersion } = range;
  if (minVersion === undefined && maxVersion === undefined) return;
  for (const [option, version] of Object.entries({ minVersion, maxVersion })) {
    if (version !== undefined && !known.some((name) => name === version))
      throw new MtlsFixturesError('OPTION_INVALID', { option, value: textOf(version), expected: `one of ${known.join(', ')}` });
  }
  const lowest = textOf(minVersion ?? nodeTls().DEFAULT_MIN_VERSION);
  const highest = textOf(maxVersion ?? nodeTls().DEFAULT_MAX_VERSION);
  if (versions.indexOf(lowest) <= versions.indexOf(highest)) return;
  throw maxVersion === undefined
    ? new MtlsFixturesError('OPTION_INVALID', {
        option: 'minVersion',
        value: lowest,
        expected: `nothing above Node's maxVersion, ${highest}`,
      })
    : new MtlsFixturesError('OPTION_INVALID', {
        option: 'maxVersion',
        value: highest,
        expected: `nothing below ${minVersion === undefined ? "Node's minVersion," : 'minVersion'} ${lowest}`,
      });
}

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
export function requireUsableServer({ ciphers, ecdhCurve, secureOptions, minVersion, maxVersion, secureProtocol }: tls.TlsOptions): void {
  requireVersionRange({ minVersion, maxVersion });
  if (secureProtocol?.endsWith('_client_method'))
    throw new MtlsFixturesError('OPTION_INVALID', { option: 'secureProtocol', value: secureProtocol, expected: 'a method of a server' });
  if ([ciphers, ecdhCurve, secureOptions].every((value) => value === undefined) || secureProtocol !== undefined) return;
  const given = Object.entries({ ciphers, ecdhCurve, secureOptions, minVersion, maxVersion }).filter(([, value]) => value !== undefined);
  // What a client can offer with these settings is what a server can choose from.
  requireUsable(() => requireClientHello({ ...Object.fromEntries(given), ca: [] }), serverWords);
}

/**
 * Has Node write a ClientHello that is sent nowhere. Options that leave nothing to offer, such as ciphers of TLS 1.3 below a maxVersion of 1.2, make OpenSSL
 * write an alert in its place, in the same turn (measured on Node 22, 24 and 26.10).
 */
function requireClientHello(options: tls.ConnectionOptions): void {
  // A PSK is asked for, and a trace printed, when the hello is written: that is for the real one to do.
  const { pskCallback: _pskCallback, enableTrace: _enableTrace, ...quiet } = options;
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

const versions: readonly string[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] satisfies readonly tls.SecureVersion[];
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
]);
const clientWords = { option: 'tls options', expected: 'options that tls.connect takes' };
const serverWords = { option: 'server options', expected: 'options that tls.createServer takes' };
/** The content type of an alert (RFC 8446 5.1). */
const alertType = 21;
