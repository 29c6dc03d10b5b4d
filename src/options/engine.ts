import type tls from 'node:tls';
import { invalidOption, MtlsFixturesError, textOf } from '../errors/index.ts';

/** node:tls, loaded when a server or client is first needed: it is a fifth of the time that importing this package takes (measured on Node 24). */
export function nodeTls(): typeof tls {
  return process.getBuiltinModule('node:tls');
}

/** Lets Node's TLS engine look at options that only it can judge, before anything opens. What it throws becomes `OPTION_INVALID`. */
export function requireUsable<T>(use: () => T, { option, expected }: { readonly option: string; readonly expected: string }): T {
  try {
    return use();
  } catch (cause) {
    if (cause instanceof MtlsFixturesError) throw cause;
    throw invalidOption(option, wordsOf(cause), expected, { cause });
  }
}

/** Rejects names that are not versions of TLS, and a range without one: OpenSSL accepts it and fails in the handshake. */
export function requireVersionRange(range: { readonly minVersion?: unknown; readonly maxVersion?: unknown }, known = versions): void {
  const { minVersion, maxVersion } = range;
  if (minVersion === undefined && maxVersion === undefined) return;
  for (const [option, version] of Object.entries({ minVersion, maxVersion })) {
    if (version !== undefined && !known.some((name) => name === version))
      throw invalidOption(option, version, `one of ${known.join(', ')}`);
  }
  const usual = nodeTls();
  const lowest = textOf(minVersion ?? usual.DEFAULT_MIN_VERSION);
  const highest = textOf(maxVersion ?? usual.DEFAULT_MAX_VERSION);
  if (versions.indexOf(lowest) <= versions.indexOf(highest)) return;
  throw maxVersion === undefined
    ? invalidOption('minVersion', lowest, `nothing above Node's maxVersion, ${highest}`)
    : invalidOption('maxVersion', highest, `nothing below ${minVersion === undefined ? "Node's minVersion," : 'minVersion'} ${lowest}`);
}

function wordsOf(error: unknown): string {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown }; // anything may be thrown
  return [code, message === undefined ? textOf(error) : `"${textOf(message)}"`].filter((part) => part !== undefined).join(' ');
}

const versions: readonly string[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] satisfies readonly tls.SecureVersion[];
