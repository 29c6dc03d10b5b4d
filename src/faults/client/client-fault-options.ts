import type { SecureContext } from 'node:tls';
import { invalidOption } from '../../errors/index.ts';
import { requireUsable, requireVersionRange } from '../../options/engine.ts';
import { isBytes } from '../../options/bytes.ts';
import { requireHost, requireIdentity, requireIntegerIn, requireMilliseconds, requireText } from '../../options/checks.ts';
import { oneOf, type OptionSchema, requireOptionsOf } from '../../options/schema.ts';
import type { Identity } from '../../pki/identity.ts';
import { openableCiphers } from '../../wire/records/tls12-protection.ts';
import { type ClientFault, requireClientFault } from './client-fault.ts';
import { modernVersions, requireIdentityFor, usableWords } from '../real-peer.ts';

/** The server under test: an address, or anything that has one. */
export interface FaultTarget {
  readonly host: string;
  readonly port: number;
}

/** Options of {@link sendClientFault}. */
export interface ClientFaultOptions {
  /** Milliseconds after which the client leaves at the latest; default 5000. */
  readonly timeout?: number | undefined;
  /** The name to ask for in the ClientHello; default `localhost`. */
  readonly servername?: string | undefined;
  /** What a real client presents; needed for wrong-certificate-verify and edited-flight. */
  readonly identity?: Identity | undefined;
  /** What a ClientHello offers; default: TLS 1.2 and 1.3. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
  /** What a real client sends after its handshake, and `plaintext-http` in the clear; default: an HTTP/1.1 request, which an echo server answers too. */
  readonly request?: string | Uint8Array | undefined;
}

/** The options with their defaults, checked. */
export interface ParsedClientFault extends FaultTarget {
  readonly timeout: number;
  readonly servername: string;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly request: string | Uint8Array;
  /** The request as it was given. */
  readonly plaintextRequest: string | Uint8Array | undefined;
  readonly secureContext: SecureContext;
  readonly identity: Identity | undefined;
}

/** Checks a fault, its target and its options, before anything opens. */
export function parseClientFault(target: FaultTarget, fault: ClientFault, options: ClientFaultOptions): ParsedClientFault {
  const { host, port, starttls } = Object(target) as FaultTarget & { readonly starttls?: unknown }; // null and text have none of these
  requireHost(host);
  requireIntegerIn('port', port, 1, 65_535);
  if (starttls !== undefined) throw invalidOption('starttls', starttls, 'no STARTTLS: clients misbehave from the first byte');
  requireClientFault(fault);
  requireOptionsOf(clientFaultSchema, options);
  const { timeout = 5000, servername = 'localhost', identity, minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' } = options;
  if (fault.kind === 'wrong-certificate-verify' || fault.kind === 'edited-flight') requireIdentityFor(fault.kind, identity);
  requireVersionRange(options, modernVersions);
  const { request = `GET / HTTP/1.1\r\nHost: ${servername}\r\nConnection: close\r\n\r\n` } = options;
  return {
    host,
    port,
    timeout,
    servername,
    minVersion,
    maxVersion,
    request,
    plaintextRequest: options.request,
    identity,
    secureContext: requireUsable(() => contextOf(options), usableWords),
  };
}

function contextOf({ identity, minVersion, maxVersion }: ClientFaultOptions): SecureContext {
  return process.getBuiltinModule('node:tls').createSecureContext({
    ...(identity && { key: identity.keyPem, cert: identity.chainPem }),
    ...(minVersion && { minVersion }),
    ...(maxVersion && { maxVersion }),
    ciphers: openableCiphers(),
    ca: [], // it verifies no server, so the public roots need not be loaded
  });
}

const clientFaultSchema = {
  what: 'client fault option',
  own: {
    timeout: requireMilliseconds,
    servername: requireText,
    identity: requireIdentity,
    minVersion: oneOf(modernVersions),
    maxVersion: oneOf(modernVersions),
    request: requireRequest,
  },
} satisfies OptionSchema;

function requireRequest(option: string, value: unknown): void {
  if (!isBytes(value)) requireText(option, value);
}
