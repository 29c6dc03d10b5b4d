import type tls from 'node:tls';
import type { Capture } from '../../wire/tap/capture.ts';
import { clientHelloOf, serverHelloOf } from '../../wire/hello/hello.ts';
import { recordsOf } from '../../wire/records/tls-record.ts';
import type { SessionFacts } from './end-report.ts';

/** What was agreed on, by a server whose handshake is complete: the TLS engine knows. */
export function agreedFacts(tlsSocket: tls.TLSSocket): SessionFacts {
  const { alpnProtocol, servername }: { alpnProtocol: unknown; servername?: unknown } = tlsSocket; // false or null where nothing was agreed on or asked for
  return {
    ...optional('protocol', tlsSocket.getProtocol()),
    ...optional('cipher', tlsSocket.getCipher()?.name),
    ...optional('alpn', alpnProtocol),
    ...optional('servername', servername),
    resumed: tlsSocket.isSessionReused(),
  };
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
  return typeof value === 'string' && value !== '' ? { [name]: value } : undefined;
}
