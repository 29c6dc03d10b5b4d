import { MtlsFixturesError } from '../errors/index.ts';
import { isHandshake, type Handshake } from '../handshake/handshake.ts';
import { ObservedServer } from '../handshake/observed-server.ts';
import { Identity } from '../pki/identity.ts';

/** Refuses anything but a `Handshake`; a promise of one most of all, since it is easily forgotten to await. */
export function requireHandshake(matcher: string, value: unknown): Handshake {
  if (isHandshake(value)) return value;
  throw new MtlsFixturesError('MATCHER_MISUSE', {
    matcher,
    expected: 'a Handshake, e.g. await attemptHandshake(server)',
    received: describeValue(value),
  });
}

export function requireServer(matcher: string, value: unknown): ObservedServer {
  if (value instanceof ObservedServer) return value;
  throw new MtlsFixturesError('MATCHER_MISUSE', {
    matcher,
    expected: 'an ObservedServer, e.g. of startTlsServer or observe',
    received: describeValue(value),
  });
}

export function requireIdentity(matcher: string, value: unknown): Identity | undefined {
  if (value === undefined || value instanceof Identity) return value;
  throw new MtlsFixturesError('MATCHER_MISUSE', {
    matcher,
    expected: 'an Identity as its argument, or none for a client without certificate',
    received: describeValue(value),
  });
}

function describeValue(value: unknown): string {
  if (value instanceof Promise) return 'a Promise; await it first';
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
  return value.constructor.name;
}
