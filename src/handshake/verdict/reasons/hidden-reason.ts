import { nameVerifyFailure } from '../../../x509/verification/verify-failure.ts';
import { nodeTls } from '../../../options/engine.ts';
import { securityLevel } from './security-level.ts';
import { reasonInWords } from './reasons.ts';
import { anchorsOf, crlsOf, type VerifyContext } from '../verify-context.ts';

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
 * the certificates. Undefined for codes that Node names, and where the certificates do not show it for sure.
 */
export function hiddenReason(failed: FailedVerification): string | undefined {
  const { code, context, words = '' } = failed;
  if (code !== 'UNSPECIFIED' || words === trulyUnspecified) return undefined;
  return reasonInWords(code, words) ?? reasonInCertificates(failed.chain, context); // read now: a server's takes decoding
}

function reasonInCertificates(chain: readonly Uint8Array[] | undefined, context: VerifyContext | undefined): string | undefined {
  if (!chain) return undefined;
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

/** OpenSSL's words for the code that has no other meaning, an error within the verification. */
const trulyUnspecified = 'unspecified certificate verification error';
