import type { SecureContext } from 'node:tls';
import { MtlsFixturesError, textOf } from '../errors/index.ts';
import { requireHost, requireIntegerIn, requireKnownOptions, requireMilliseconds, requireText } from '../options/checks.ts';
import type { Identity } from '../pki/identity.ts';
import { openableCiphers } from '../wire/tls12-protection.ts';
import { type ClientFault, requireClientFault } from './client-fault.ts';
import { requireIdentity, requireUsable, requireVersions } from './option-checks.ts';
import { isBytes } from '../options/bytes.ts';

/** The server under test: an address, or anything that has one. */
export interface FaultTarget {
  readonly host: string;
  readonly port: number;
}

/** Options of {@link sendClientFault}. */
export interface ClientFaultOptions {
  /** Milliseconds after which the client leaves at the latest; default 5000. */
  readonly timeout?: number;
  /** The name to ask for in the ClientHello; default `localhost`. */
  readonly servername?: string;
  /** What a real client presents; needed for wrong-certificate-verify. */
  readonly identity?: Identity;
  /** What a ClientHello offers; default: TLS 1.2 and 1.3. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** What a real client sends after its handshake; default: an HTTP/1.1 request, which an echo server answers too. */
  readonly request?: string | Uint8Array;
}

/** The options with their defaults, checked. */
export interface ParsedClientFault extends FaultTarget {
  readonly timeout: number;
  readonly servername: string;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly request: string | Uint8Array;
  readonly secureContext: SecureContext;
}

/** Checks a fault, its target and its options, before anything opens. */
export function parseClientFault(target: FaultTarget, fault: ClientFault, options: ClientFaultOptions): ParsedClientFault {
  const { host, port, starttls } = Object(target) as FaultTarget & { readonly starttls?: unknown }; // null and text have none of these
  requireHost(host);
  requireIntegerIn('port', port, 1, 65_535);
  if (starttls !== undefined)
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'starttls',
      value: textOf(starttls),
      expected: 'no STARTTLS: clients misbehave from the first byte',
    });
  requireClientFault(fault);
  requireKnownOptions('client fault option', options, optionNames);
  const { timeout = 5000, servername = 'localhost', identity, minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' } = options;
  requireMilliseconds('timeout', timeout);
  requireText('servername', servername);
  requireIdentity(identity, fault.kind, fault.kind === 'wrong-certificate-verify');
  requireVersions(options);
  const { request = `GET / HTTP/1.1\r\nHost: ${servername}\r\nConnection: close\r\n\r\n` } = options;
  if (!isBytes(request)) requireText('request', request);
  return { host, port, timeout, servername, minVersion, maxVersion, request, secureContext: requireUsable(() => contextOf(options)) };
}

function contextOf({ identity, minVersion, maxVersion }: ClientFaultOptions): SecureContext {
  return process.getBuiltinModule('node:tls').createSecureContext({
    ...(identity && { key: identity.keyPem, cert: identity.chainPem }),
    ...(minVersion && { minVersion }),
    ...(maxVersion && { maxVersion }),
    ciphers: openableCiphers,
    ca: [], // it judges nobody, so the public roots need not be loaded
  });
}

const optionNames: readonly string[] = ['timeout', 'servername', 'identity', 'minVersion', 'maxVersion', 'request'];
