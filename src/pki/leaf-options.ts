import type { KeyObject } from 'node:crypto';
import type { Subject } from '../x509/names/distinguished-name.ts';
import type { Extension } from '../x509/extensions.ts';
import type { ExtendedKeyUsage, KeyUsage } from '../x509/object-identifiers.ts';
import type { NameConstraints } from '../x509/names/name-constraints.ts';
import type { KeyAlgorithm } from './key-algorithm.ts';

/** What leaves and authorities have in common. */
export interface CertificateOptions {
  /** Shorthand for a subject of only this name, and added to a subject given as attributes without one. At most 64 characters (RFC 5280 ub-common-name). Default for a leaf: the first of `dns` as A-labels, where it fits. */
  readonly commonName?: string | undefined;
  readonly subject?: Subject | undefined;
  /** Default: an hour before now (two for authorities), or `validFor` before `notAfter` where only that is given and it lies in the past. */
  readonly notBefore?: Date | undefined;
  /** Default: `validFor` after now, but never after the issuer's own. A date that is given is written as it is. */
  readonly notAfter?: Date | undefined;
  /** Milliseconds; default: the PKI's, a day. */
  readonly validFor?: number | undefined;
  /** Default: the issuer's PKI's. */
  readonly keyAlgorithm?: KeyAlgorithm | undefined;
  /** The subject's own private key (KeyObject, or PEM text) in place of a new one. */
  readonly key?: KeyObject | string | undefined;
  /** `false` leaves the extension out. */
  readonly keyUsage?: readonly KeyUsage[] | false | undefined;
  /** `false` leaves the extension out. */
  readonly extendedKeyUsage?: readonly ExtendedKeyUsage[] | false | undefined;
  /** Positive, at most 20 octets; hexadecimal where it is text. Default: 16 random octets. */
  readonly serialNumber?: bigint | number | string | undefined;
  /** URLs (http) at which a CRL is to be found. */
  readonly crlDistributionPoints?: string | readonly string[] | undefined;
  /** URLs of OCSP responders, for authorityInfoAccess. */
  readonly ocsp?: string | readonly string[] | undefined;
  /** URLs of the issuer's certificate, for authorityInfoAccess. */
  readonly caIssuers?: string | readonly string[] | undefined;
  /** Further extensions as DER, after the ones above. */
  readonly extensions?: readonly Extension[] | undefined;
}

/** What a leaf certificate is to say. */
export interface LeafOptions extends CertificateOptions {
  /** Host names; a wildcard may be the whole first label, international names become their A-label. */
  readonly dns?: string | readonly string[] | undefined;
  /** IPv4 and IPv6 addresses. */
  readonly ip?: string | readonly string[] | undefined;
  /** Absolute URIs, e.g. a SPIFFE id. */
  readonly uri?: string | readonly string[] | undefined;
  readonly email?: string | readonly string[] | undefined;
  /** Demands a stapled OCSP response of every handshake: the TLS Feature extension (RFC 7633). Default `false`. */
  readonly mustStaple?: boolean | undefined;
}

/** What a subordinate authority is to be. */
export interface AuthorityOptions extends CertificateOptions {
  /** How many further CAs may follow below it; default: no limit. */
  readonly pathLength?: number | undefined;
  readonly nameConstraints?: NameConstraints | undefined;
}
