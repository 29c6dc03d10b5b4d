import type { Pki } from '../../pki/pki.ts';
import { readChainCertificate } from '../../x509/verification/chain-certificate.ts';
import { nameConstraintFailure } from '../../x509/verification/name-constraint-failure.ts';
import type { ArrangedCredential } from '../catalogue/scenario.ts';

/**
 * Why a credential shows nothing under a PKI with `permitted`: its names are outside, so that every implementation refuses it for that, also one that overlooks what the
 * scenario is about. Undefined where its names are permitted, or another root is to be trusted.
 */
export function namesNotPermitted({ identity, certificateMessage, trust }: ArrangedCredential, pki: Pki): string | undefined {
  if (pki.permitted === undefined || trust !== pki.anchors) return undefined;
  const [leaf = identity.certificate.raw] = certificateMessage ?? [];
  return areWithin(leaf, pki.root.certificate.raw)
    ? undefined
    : `its names are not all among those that the PKI permits (${pki.permitted.join(', ')}), which would be refused for that alone`;
}

/** True where it cannot be determined: implementations differ over such names. What is not a certificate has no names. */
function areWithin(leaf: Uint8Array, root: Uint8Array): boolean {
  const certificate = tryTo(() => readChainCertificate(leaf));
  return (
    certificate === undefined || tryTo(() => nameConstraintFailure([certificate, readChainCertificate(root)]) ?? 'within') === 'within'
  );
}

function tryTo<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
