import { buildChain, type BuiltChain } from './build-chain.ts';
import { nameConstraintFailure } from './name-constraint-failure.ts';
import { revocationFailure } from './revocation-failure.ts';
import { hasExplicitCurve, isDigestTooWeak, isKeyTooWeak } from './strength.ts';

/** What a peer presented, and what it was verified with as far as that is known. */
export interface VerifiedPeer {
  /** DER, the leaf first. */
  readonly chain: readonly Uint8Array[];
  /** DER of everything that is trusted. Where it is not known, what was not presented is taken to be in order. */
  readonly anchors?: readonly Uint8Array[] | undefined;
  /** DER of the CRLs that are checked. */
  readonly crls?: readonly Uint8Array[] | undefined;
  /** OpenSSL's, which says how weak a key may be; default 2, as in OpenSSL 3.2 and later. */
  readonly securityLevel?: number;
}

/**
 * Names the reason of a failed verification for which Node has no name (`UNSPECIFIED`): OpenSSL's name of the last error it finds, such as
 * `PERMITTED_VIOLATION`, for Node goes on after every error and keeps the last. Looks only for what Node cannot name, so it is to be asked
 * only where Node could not. Undefined where it cannot tell for sure. Never throws, and takes time in proportion to the input.
 */
export function nameVerifyFailure({ chain, anchors, crls = [], securityLevel = 2 }: VerifiedPeer): string | undefined {
  try {
    const built = buildChain(chain, anchors);
    return (
      nameConstraintFailure(built.certificates) ??
      signingFailure(built) ??
      revocationFailure(crls.length === 0 ? [] : built.certificates, crls) ??
      strengthFailure(built, securityLevel) ??
      extensionFailure(built) ??
      leafKeyFailure(built, securityLevel)
    );
  } catch {
    return undefined; // a peer may present anything: what cannot be read cannot be named
  }
}

/** A CA whose key usage does not let it sign certificates. */
function signingFailure({ certificates }: BuiltChain): string | undefined {
  const [, ...issuers] = certificates;
  return issuers.some(({ keyUsage }) => keyUsage?.includes(keyCertSign) === false) ? 'KEYUSAGE_NO_CERTSIGN' : undefined;
}

/** The keys of CAs and the digests of all signatures but the anchor's, from the top. */
function strengthFailure({ certificates, continuesUnseen }: BuiltChain, level: number): string | undefined {
  const top = certificates.length - 1;
  for (const [index, { spki, signatureAlgorithm }] of [...certificates.entries()].toReversed()) {
    const isSigned = index < top || continuesUnseen;
    if (isSigned && isDigestTooWeak(signatureAlgorithm, { level, signedKey: spki })) return 'CA_MD_TOO_WEAK';
    if (index > 0 && isKeyTooWeak(spki, level)) return 'CA_KEY_TOO_SMALL';
  }
  return undefined;
}

/** What is in the certificates themselves, from the top. A leaf alone is not asked about its curve. */
function extensionFailure({ certificates, continuesUnseen }: BuiltChain): string | undefined {
  const isChain = certificates.length > 1 || continuesUnseen;
  for (const { spki, hasUnhandledCritical } of certificates.toReversed()) {
    if (isChain && hasExplicitCurve(spki)) return 'EC_KEY_EXPLICIT_PARAMS';
    if (hasUnhandledCritical) return 'UNHANDLED_CRITICAL_EXTENSION';
  }
  return undefined;
}

function leafKeyFailure({ certificates: [leaf] }: BuiltChain, level: number): string | undefined {
  return leaf && isKeyTooWeak(leaf.spki, level) ? 'EE_KEY_TOO_SMALL' : undefined;
}

const keyCertSign = 5;
