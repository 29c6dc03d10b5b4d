import { createHash } from 'node:crypto';
import type { ConfirmationForm } from '../../catalogue/bound-tokens/bound-token-scenario.ts';

/** The claims that the issuer of a token is asked for. */
export interface TokenClaims {
  /** The common name of the client that the token is for. */
  readonly sub: string;
  /** The confirmation (RFC 7800 3.1): `{ 'x5t#S256': thumbprint }` of a token that is bound to a certificate (RFC 8705 3.1); of scenarios also others, or none. */
  readonly cnf?: Readonly<Record<string, string>>;
}

/** The claims of a token for a client, with a confirmation that names its certificate (DER) in this form. */
export function tokenClaims(sub: string, certificate: Uint8Array, form: ConfirmationForm = 'thumbprint'): TokenClaims {
  const cnf = confirmation(certificate, form);
  return { sub, ...(cnf && { cnf }) };
}

function confirmation(certificate: Uint8Array, form: ConfirmationForm): TokenClaims['cnf'] {
  if (form === 'none') return undefined;
  if (form === 'empty') return {};
  if (form === 'sha1') return { x5t: createHash('sha1').update(certificate).digest('base64url') };
  const hash = createHash('sha256').update(certificate).digest();
  if (form === 'jkt') return { jkt: hash.toString('base64url') }; // also what a resource server would find that looks at the value alone
  return { 'x5t#S256': written(hash, form) };
}

function written(hash: Buffer, form: Exclude<ConfirmationForm, 'none' | 'empty' | 'sha1' | 'jkt'>): string {
  const thumbprint = hash.toString('base64url');
  switch (form) {
    case 'empty-thumbprint':
      return '';
    case 'truncated':
      return thumbprint.slice(0, Math.floor(thumbprint.length / 2));
    case 'longer':
      return `${thumbprint}${thumbprint}`;
    case 'upper-case':
      return thumbprint.toUpperCase();
    case 'hex':
      return hash.toString('hex');
    case 'base64':
      return hash.toString('base64');
    case 'padded':
      return `${thumbprint}=`;
    case 'thumbprint':
    default:
      return thumbprint;
  }
}
