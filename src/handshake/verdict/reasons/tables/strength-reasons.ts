import { hasCurveParameters } from '../certificate-form.ts';
import type { Fault, Rows, VerifyRow } from '../reason-row.ts';
import type { Refusal } from '../refusal.ts';
import { leafOf, quoted, titleOf } from '../wording.ts';

/** Reasons that are the security level's: keys and digests that are too weak, forms of keys that are not allowed. */
export const strengthReasons = {
  EE_KEY_TOO_SMALL: {
    words: 'EE certificate key too weak',
    hidden: true,
    alert: 'bad_certificate',
    faults: ({ chain: [leaf] }) => (leaf ? [{ certificate: leaf, mark: `its key is too weak: ${leaf.keyAlgorithm}` }] : []),
    next: (refusal) =>
      `the key of ${leafOf(refusal)}${keyOf(refusal)} is too weak for the ${refusal.judge}'s security level: use a larger one (ec-p256, rsa-2048)`,
  },
  CA_KEY_TOO_SMALL: {
    words: 'CA certificate key too weak',
    hidden: true,
    alert: 'bad_certificate',
    faults: weakAuthorities,
    next: (refusal) => {
      const [fault] = weakAuthorities(refusal);
      return `the key of ${fault ? `${titleOf(fault.certificate, refusal)} (${fault.certificate.keyAlgorithm})` : `a CA above ${leafOf(refusal)}`} is too weak for the ${refusal.judge}'s security level: use a CA with a larger one (ec-p256, rsa-2048)`;
    },
  },
  CA_MD_TOO_WEAK: {
    words: 'CA signature digest algorithm too weak',
    hidden: true,
    alert: 'bad_certificate',
    faults: weakDigests,
    next: (refusal) => {
      const [fault] = weakDigests(refusal);
      return `${fault ? `${titleOf(fault.certificate, refusal)} is signed with ${fault.certificate.signatureAlgorithm}` : `a certificate in the chain of ${leafOf(refusal)} is signed with SHA-1 or MD5`}, which is too weak a digest for the ${refusal.judge}'s security level: sign it with SHA-256`;
    },
  },
  EC_KEY_EXPLICIT_PARAMS: {
    words: 'Certificate public key has explicit ECC parameters',
    hidden: true,
    alert: 'bad_certificate',
    faults: ({ path }) =>
      path.certificates.filter(hasCurveParameters).map((certificate) => ({ certificate, mark: 'its curve is given by parameters' })),
    next: (refusal) => {
      const certificate = refusal.path.certificates.find(hasCurveParameters);
      return `the elliptic-curve key of ${certificate ? titleOf(certificate, refusal) : `a certificate in the chain of ${leafOf(refusal)}`} is encoded with the parameters of its curve: encode it with the name of the curve (RFC 5480 2.1.1)`;
    },
  },
  SIGNATURE_ALGORITHM_MISMATCH: {
    words: 'subject signature algorithm and issuer public key algorithm mismatch',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `a certificate in the chain of ${leafOf(refusal)} names a signature algorithm that its issuer's type of key cannot make (issuer ${quoted(refusal.chain[0]?.issuer.text ?? '')}): issue it anew`,
  },
} as const satisfies Rows<VerifyRow>;

function keyOf({ chain: [leaf] }: Refusal): string {
  return leaf ? ` (${leaf.keyAlgorithm})` : '';
}

function weakAuthorities({ path }: Refusal): readonly Fault[] {
  return path.certificates
    .filter(({ keyAlgorithm }, depth) => depth > 0 && isSmall(keyAlgorithm))
    .map((certificate) => ({ certificate, mark: `its key is too weak: ${certificate.keyAlgorithm}` }));
}

/** RSA and EC keys below the 112 bits of level 2 (SP 800-57 part 1, table 2). */
function isSmall(keyAlgorithm: string): boolean {
  const [, type, size] = /^(rsa|rsa-pss|ec-p)-?(\d+)$/u.exec(keyAlgorithm) ?? [];
  return size !== undefined && Number(size) < (type === 'ec-p' ? 224 : 2048);
}

function weakDigests({ path }: Refusal): readonly Fault[] {
  return path.certificates
    .filter(({ signatureAlgorithm, subject, issuer }) => subject.text !== issuer.text && /md5|sha1$/u.test(signatureAlgorithm))
    .map((certificate) => ({ certificate, mark: `signed with ${certificate.signatureAlgorithm}` }));
}
