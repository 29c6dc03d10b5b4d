import type tls from 'node:tls';
import { DerElement } from '../../asn1/der-reader.ts';
import { decodePem } from '../../asn1/pem.ts';

/** What the settings of a TLS endpoint say about how it verifies its peers, and about what it asks of them. */
export type VerifyContext = tls.SecureContextOptions & {
  readonly SNICallback?: unknown;
  readonly ALPNProtocols?: unknown;
  /** Of a client: the name that it asks for and verifies; the host where that is an IP address. */
  readonly servername?: unknown;
  readonly host?: unknown;
};

/**
 * DER of everything that is trusted; undefined where that is not known: Node's own roots, a PKCS#12 file that may add to them, an
 * intermediate that counts as a root, contexts that differ by the name asked for. Throws for text that this library's PEM reader refuses.
 */
export function anchorsOf({ ca, pfx, allowPartialTrustChain, SNICallback }: VerifyContext): Uint8Array[] | undefined {
  if (!isGiven(ca) || pfx !== undefined || allowPartialTrustChain === true || SNICallback !== undefined) return undefined;
  return blocksOf(ca)
    .filter(({ label }) => label.endsWith('CERTIFICATE'))
    .map(({ der }) => new DerElement(der, 'trust anchor').bytes); // in a TRUSTED CERTIFICATE OpenSSL's trust settings follow it
}

/** DER of the CRLs that are checked; undefined where none is. Throws as {@link anchorsOf} does. */
export function crlsOf({ crl }: VerifyContext): Uint8Array[] | undefined {
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
