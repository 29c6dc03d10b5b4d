import { createPrivateKey } from 'node:crypto';
import type { Identity, Pki } from '../../src/index.ts';

/** The private keys of a test, by what they are; PKCS#8 PEM. */
export type Keys = Readonly<Record<string, string>>;

/** The keys of a PKI's authorities, and of identities by their names. */
export function keysOf(pki: Pki, ...identities: readonly Identity[]): Keys {
  return {
    'the root': pki.root.keyPem,
    'the issuing CA': pki.issuer.keyPem,
    ...Object.fromEntries(identities.map(({ name, keyPem }) => [name, keyPem])),
  };
}

/** Which keys a text gives away, and in which form; nothing for a text that keeps them. */
export function keysIn(text: string | Uint8Array, keys: Keys): string[] {
  const searched = typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
  return Object.entries(keys).flatMap(([name, pem]) =>
    Object.entries(formsOf(pem)).flatMap(([form, needle]) => (searched.includes(needle) ? [`${name}, as ${form}`] : [])),
  );
}

/** A piece of each form that is long enough to be nothing else, and short enough to be found where a line is cut or wrapped. */
function formsOf(pem: string): Readonly<Record<string, string>> {
  const key = createPrivateKey(pem);
  const { d = '' } = key.export({ format: 'jwk' });
  const scalar = Buffer.from(d, 'base64url');
  const hex = scalar.toString('hex');
  const pairs = hex.match(/../gu)?.slice(0, 12) ?? [];
  const decimals = [...scalar.subarray(0, 12)];
  return {
    ...linesOf(key.export({ format: 'der', type: 'pkcs8' }), scalar),
    'd of the JWK': d.slice(0, 24),
    'd in base64': scalar.toString('base64').slice(0, 24),
    hexadecimal: hex.slice(0, 24),
    HEXADECIMAL: hex.slice(0, 24).toUpperCase(),
    'hexadecimal with blanks': pairs.join(' '),
    'hexadecimal with colons': pairs.join(':'),
    numbers: decimals.join(','),
    'numbers with blanks': decimals.join(', '),
    'numbers on lines': decimals.join(',\n'),
    'a decimal number': BigInt(`0x${hex}`).toString().slice(0, 24),
    octets: scalar.toString('latin1'),
  };
}

/** The pieces of the lines of a PEM that are the private key alone: around it are the name of the algorithm, and the public key. */
function linesOf(der: Buffer, scalar: Buffer): Readonly<Record<string, string>> {
  const start = Math.ceil((der.indexOf(scalar) * 8) / 6);
  const end = Math.floor(((der.indexOf(scalar) + scalar.length) * 8) / 6);
  const base64 = der.toString('base64');
  const pieces = Array.from({ length: Math.ceil(base64.length / 64) }, (_unused, line) =>
    base64.slice(Math.max(line * 64, start), Math.min((line + 1) * 64, end)),
  );
  return Object.fromEntries(
    pieces.flatMap((piece, line) => (piece.length < 12 ? [] : [[`line ${line + 1} of the PEM`, piece.slice(0, 24)]])),
  );
}
