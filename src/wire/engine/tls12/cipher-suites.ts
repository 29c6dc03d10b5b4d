import { type Tls12Suite, tls12Suite } from '../../records/tls12-protection.ts';
import { cipherSuiteNumbers } from '../../registry/cipher-suites.ts';
import { cipherSuiteName } from '../../registry/names.ts';
import type { PeerOptions } from '../peer-options.ts';
import { cipherSuiteNumber } from '../registry-numbers.ts';

/** A TLS 1.2 cipher suite that the engine knows: ECDHE with an AEAD. */
export interface EngineSuite {
  /** By the registry. */
  readonly name: string;
  readonly number: number;
  /** The kind of key that signs: `ECDSA` is that of EdDSA too (RFC 8422 2.1). */
  readonly signer: 'ECDSA' | 'RSA';
  readonly records: Tls12Suite;
}

/** The numbers of the suites that a client offers, in its order. */
export function offeredSuites({ cipherSuites = defaultSuites }: PeerOptions): readonly number[] {
  return cipherSuites.map(cipherSuiteNumber);
}

/** The suites that a side takes, in its order: those of its options that the engine knows. */
export function suitesOf(options: PeerOptions): readonly EngineSuite[] {
  return offeredSuites(options)
    .map(suiteOf)
    .filter((suite) => suite !== undefined);
}

/** A suite by the registry's number; undefined for one that the engine does not know. */
export function suiteOf(number: number): EngineSuite | undefined {
  const records = tls12Suite(number);
  const name = cipherSuiteName(number);
  return records && { name, number, signer: name.includes('_ECDSA_') ? 'ECDSA' : 'RSA', records };
}

/** Says among the suites what an empty renegotiation_info says (RFC 5746 3.3). */
export const renegotiationSignal: number = cipherSuiteNumbers.TLS_EMPTY_RENEGOTIATION_INFO_SCSV;

/** In the order in which OpenSSL 3.5 offers them. */
const defaultSuites: readonly string[] = [
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
];
