import type tls from 'node:tls';
import { DerElement } from '../asn1/der-reader.ts';
import { decodePem } from '../asn1/pem.ts';
import { nameVerifyFailure } from '../x509/verification/verify-failure.ts';
import { nodeTls } from './node-tls.ts';
import { securityLevel } from './security-level.ts';

/** What the settings of a TLS endpoint say about how it verifies its peers. */
export type VerifyContext = tls.SecureContextOptions & { readonly SNICallback?: unknown };

/** What is known of a verification that failed. */
export interface FailedVerification {
  /** What Node calls it. */
  readonly code: string;
  /** DER of what was presented, the leaf first. */
  readonly chain: readonly Uint8Array[] | undefined;
  readonly context: VerifyContext | undefined;
  /** The words of Node's error, where there is one. */
  readonly words?: string;
}

/**
 * OpenSSL's name of a verify code for which Node only says `UNSPECIFIED`: from OpenSSL's own words where Node still has them, else from
 * the certificates. Undefined for codes that Node names, and where it cannot be told for sure.
 */
export function hiddenReason({ code, chain, context, words = '' }: FailedVerification): string | undefined {
  if (code !== hidden || words === trulyUnspecified) return undefined;
  return reasonInWords(code, words) ?? (chain && reasonInCertificates(chain, context));
}

/** The same from the words alone: `permitted subtree violation`. */
export function reasonInWords(code: string | undefined, words: string): string | undefined {
  return code === hidden ? reasons.get(words) : undefined;
}

function reasonInCertificates(chain: readonly Uint8Array[], context: VerifyContext | undefined): string | undefined {
  try {
    return nameVerifyFailure({
      chain,
      anchors: context && anchorsOf(context),
      crls: context && crlsOf(context),
      securityLevel: securityLevel(context?.ciphers ?? nodeTls().DEFAULT_CIPHERS),
    });
  } catch {
    return undefined; // Node passes over text that this library's PEM reader refuses
  }
}

/**
 * Everything that is trusted; undefined where that is not known: Node's own roots, a PKCS#12 file that may add to them, an intermediate
 * that counts as a root, contexts that differ by the name asked for.
 */
function anchorsOf({ ca, pfx, allowPartialTrustChain, SNICallback }: VerifyContext): Uint8Array[] | undefined {
  if (!isGiven(ca) || pfx !== undefined || allowPartialTrustChain === true || SNICallback !== undefined) return undefined;
  return blocksOf(ca)
    .filter(({ label }) => label.endsWith('CERTIFICATE'))
    .map(({ der }) => new DerElement(der, 'trust anchor').bytes); // in a TRUSTED CERTIFICATE OpenSSL's trust settings follow it
}

function crlsOf({ crl }: VerifyContext): Uint8Array[] | undefined {
  return isGiven(crl) ? blocksOf(crl).map(({ der }) => der) : undefined;
}

/** Node takes an empty text for none at all. */
function isGiven(pem: unknown): pem is Pem | readonly Pem[] {
  return pem !== undefined && pem !== null && pem !== '';
}

type Pem = string | Uint8Array;

function blocksOf(pem: Pem | readonly Pem[]): ReturnType<typeof decodePem> {
  return [pem].flat().flatMap((text) => decodePem(typeof text === 'string' ? text : Buffer.from(text).toString('latin1')));
}

/** Node's one word for all verify codes that it does not name. */
const hidden = 'UNSPECIFIED';
/** OpenSSL's words for the code that has no other meaning, an error within the verification. */
const trulyUnspecified = 'unspecified certificate verification error';

/** X509_verify_cert_error_string of the codes that Node has no name for and its verification can come to. */
const reasons: ReadonlyMap<string, string> = new Map([
  // Met on Node 26.10.
  ['permitted subtree violation', 'PERMITTED_VIOLATION'],
  ['excluded subtree violation', 'EXCLUDED_VIOLATION'],
  ['name constraints minimum and maximum not supported', 'SUBTREE_MINMAX'],
  ['unsupported name constraint type', 'UNSUPPORTED_CONSTRAINT_TYPE'],
  ['unsupported or invalid name syntax', 'UNSUPPORTED_NAME_SYNTAX'],
  ['unhandled critical extension', 'UNHANDLED_CRITICAL_EXTENSION'],
  ['key usage does not include certificate signing', 'KEYUSAGE_NO_CERTSIGN'],
  ['EE certificate key too weak', 'EE_KEY_TOO_SMALL'],
  ['CA certificate key too weak', 'CA_KEY_TOO_SMALL'],
  ['CA signature digest algorithm too weak', 'CA_MD_TOO_WEAK'],
  ['Certificate public key has explicit ECC parameters', 'EC_KEY_EXPLICIT_PARAMS'],
  ['unhandled critical CRL extension', 'UNHANDLED_CRITICAL_CRL_EXTENSION'],
  ['key usage does not include CRL signing', 'KEYUSAGE_NO_CRL_SIGN'],
  ['key usage does not include digital signature', 'KEYUSAGE_NO_DIGITAL_SIGNATURE'],
  ['proxy certificates not allowed, please set the appropriate flag', 'PROXY_CERTIFICATES_NOT_ALLOWED'],
  ['proxy subject name violation', 'PROXY_SUBJECT_NAME_VIOLATION'],
  ["RFC 3779 resource not subset of parent's resources", 'UNNESTED_RESOURCE'],
  // Read in OpenSSL, and not met.
  ['invalid non-CA certificate (has CA markings)', 'INVALID_NON_CA'],
  ['proxy path length constraint exceeded', 'PROXY_PATH_LENGTH_EXCEEDED'],
  ['invalid or inconsistent certificate extension', 'INVALID_EXTENSION'],
  ['unsupported or invalid name constraint syntax', 'UNSUPPORTED_CONSTRAINT_SYNTAX'],
  ['unable to get CRL issuer certificate', 'UNABLE_TO_GET_CRL_ISSUER'],
  ['different CRL scope', 'DIFFERENT_CRL_SCOPE'],
  ['CRL path validation error', 'CRL_PATH_VALIDATION_ERROR'],
  ['subject signature algorithm and issuer public key algorithm mismatch', 'SIGNATURE_ALGORITHM_MISMATCH'],
]);
