import type { ShownToken } from '../../catalogue/bound-tokens/bound-token-scenario.ts';

/**
 * A JWT (RFC 7519) whose thumbprint was replaced without its issuer, with the signature of before or as one without signature. Undefined where the token is not a signed JWT, whose
 * claims cannot be changed by a client.
 */
export function reboundToken(token: string, thumbprint: string, how: ShownToken['rebound'] & string): string | undefined {
  const [header, claims, signature, ...behind] = token.split('.');
  const read = claims === undefined ? undefined : readObject(claims);
  if (header === undefined || signature === undefined || behind.length > 0 || !read || !readObject(header)) return undefined;
  const changed = encode({ ...read, cnf: { 'x5t#S256': thumbprint } });
  return how === 'signed' ? `${header}.${changed}.${signature}` : `${encode({ alg: 'none' })}.${changed}.`;
}

function readObject(part: string): object | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // not JSON
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
