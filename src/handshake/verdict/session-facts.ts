import type tls from 'node:tls';
import type { Capture } from '../../wire/tap/capture.ts';
import { clientHelloOf, serverHelloOf } from '../../wire/hello/hello.ts';
import { recordsOf } from '../../wire/records/tls-record.ts';
import type { SessionFacts } from './end-report.ts';

/** What was agreed on, by a server whose handshake is complete: the TLS engine knows. */
export function agreedFacts(tlsSocket: tls.TLSSocket): SessionFacts {
  const { alpnProtocol, servername }: { alpnProtocol: unknown; servername?: unknown } = tlsSocket; // false or null where there is none
  const facts: { -readonly [name in keyof SessionFacts]?: SessionFacts[name] } = {};
  const protocol = tlsSocket.getProtocol();
  const cipher = tlsSocket.getCipher()?.name;
  if (protocol) facts.protocol = protocol;
  if (cipher) facts.cipher = cipher;
  if (isText(alpnProtocol)) facts.alpn = alpnProtocol;
  if (isText(servername)) facts.servername = servername;
  return Object.assign(facts, { resumed: tlsSocket.isSessionReused() });
}

/**
 * What was agreed on as far as it came. Before a version is agreed on the engine names the highest it would take, so that only a
 * ServerHello on the wire makes it a fact.
 */
export function partialFacts(tlsSocket: tls.TLSSocket | undefined, capture: Capture): SessionFacts {
  const records = recordsOf(capture.chunks);
  const serverHello = serverHelloOf(records);
  return {
    ...optional('protocol', serverHello?.version),
    ...optional('cipher', serverHello && tlsSocket?.getCipher()?.name),
    ...optional('alpn', tlsSocket?.alpnProtocol),
    ...optional('servername', clientHelloOf(records)?.servername),
    resumed: serverHello ? (tlsSocket?.isSessionReused() ?? false) : false,
  };
}

/** Node's verify code. Typed as an Error by @types/node, it is a string at run time (measured on Node 20 to 26). */
export function verifyCode(tlsSocket: tls.TLSSocket): string | undefined {
  const error: unknown = tlsSocket.authorizationError;
  return typeof error === 'string' ? error : undefined;
}

function optional(name: keyof SessionFacts, value: unknown): { readonly [name: string]: string } | undefined {
  return isText(value) ? { [name]: value } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
