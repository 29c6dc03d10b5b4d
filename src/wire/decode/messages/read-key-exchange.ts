import type { ClientKeyExchangeMessage, ServerKeyExchangeMessage } from '../decoded-message.ts';
import type { MessageBody } from './message-body.ts';
import { groupName, signatureSchemeName } from '../../registry/names.ts';

/** Reads a ServerKeyExchange as the cipher suite says that it is made; undefined where it is malformed. */
export function readServerKeyExchange(body: MessageBody): ServerKeyExchangeMessage | undefined {
  const { cursor, cipherSuite = '' } = body;
  const [, kind, signer] = /^TLS_(ECDHE|ECDH|DHE|DH)_(RSA|ECDSA|DSS|anon)_/u.exec(cipherSuite) ?? [];
  if (kind === undefined) {
    cursor.take(cursor.remaining);
    return { type: 'server_key_exchange', keyExchange: 'other' };
  }
  const keyExchange = kind.startsWith('EC') ? 'ecdhe' : 'dhe';
  const group = keyExchange === 'ecdhe' ? curveOf(body) : primeOf(body);
  if (group === undefined) return undefined;
  if (signer === 'anon') return { type: 'server_key_exchange', keyExchange, group };
  const scheme = body.version === 'TLSv1.2' ? { signatureScheme: signatureSchemeName(cursor.uint(2)) } : {};
  cursor.vector(2); // the signature
  return { type: 'server_key_exchange', keyExchange, group, ...scheme };
}

/** Reads a ClientKeyExchange, of which only the size is said. */
export function readClientKeyExchange({ cursor }: MessageBody): ClientKeyExchangeMessage {
  return { type: 'client_key_exchange', length: cursor.take(cursor.remaining).length };
}

/** A named curve; explicit ones are not read (RFC 8422 5.4 forbids them). */
function curveOf({ cursor }: MessageBody): string | undefined {
  if (cursor.uint(1) !== namedCurve) return undefined;
  const group = groupName(cursor.uint(2));
  cursor.vector(1); // the point
  return group;
}

function primeOf({ cursor }: MessageBody): string {
  const prime = cursor.take(cursor.uint(2));
  cursor.vector(2); // the generator
  cursor.vector(2); // the public key
  const leading = prime.findIndex((octet) => octet !== 0);
  const bits = leading < 0 ? 0 : (prime.length - leading) * 8 - (Math.clz32(prime[leading] ?? 0) - 24);
  return `${bits} bits`;
}

const namedCurve = 3;
