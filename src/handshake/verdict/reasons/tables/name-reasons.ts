import type { PeerCertificate } from '../../../../x509/inspect-certificate.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { hasExtension } from '../certificate-form.ts';
import type { Rows, VerifyRow } from '../reason-row.ts';
import type { Refusal } from '../refusal.ts';
import { leafOf, listed, titleOf } from '../wording.ts';

/** Reasons that are name constraints of a CA (RFC 5280 4.2.1.10). */
export const constraintReasons = {
  PERMITTED_VIOLATION: {
    words: 'permitted subtree violation',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `a name of ${leafOf(refusal)}${namesIn(refusal)} is outside what the name constraints of ${constrainer(refusal)} permit: issue for a name inside, or by another CA`,
  },
  EXCLUDED_VIOLATION: {
    words: 'excluded subtree violation',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `a name of ${leafOf(refusal)}${namesIn(refusal)} is within what the name constraints of ${constrainer(refusal)} exclude: issue for another name, or by another CA`,
  },
  SUBTREE_MINMAX: {
    words: 'name constraints minimum and maximum not supported',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `a name constraint of ${constrainer(refusal)}, above ${leafOf(refusal)}, has a minimum or maximum, which RFC 5280 4.2.1.10 does not allow: leave them out`,
  },
  UNSUPPORTED_CONSTRAINT_TYPE: {
    words: 'unsupported name constraint type',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `a name constraint of ${constrainer(refusal)}, above ${leafOf(refusal)}, is of a kind that OpenSSL cannot match, such as otherName: constrain another kind of name`,
  },
  UNSUPPORTED_CONSTRAINT_SYNTAX: {
    words: 'unsupported or invalid name constraint syntax',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `a name constraint of ${constrainer(refusal)}, above ${leafOf(refusal)}, cannot be read: correct its syntax (RFC 5280 4.2.1.10)`,
  },
  UNSUPPORTED_NAME_SYNTAX: {
    words: 'unsupported or invalid name syntax',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `a name of ${leafOf(refusal)}${namesIn(refusal)} that a CA above it constrains cannot be read, such as a URI without a host: correct the name, or leave it out`,
  },
  HOSTNAME_MISMATCH: {
    words: 'hostname mismatch',
    alert: 'bad_certificate',
    faults: ({ chain: [leaf] }) => (leaf ? [{ certificate: leaf, mark: 'does not have the name that was asked for' }] : []),
    next: (refusal) =>
      `the host name that OpenSSL was told to check is not one of ${leafOf(refusal)}${namesIn(refusal)}: ask for a name that it has, or issue it for that name`,
  },
} as const satisfies Rows<VerifyRow>;

/** All alternative names of a certificate, as they are shown. */
export function namesOf({ altNames }: PeerCertificate): readonly string[] {
  return [...altNames.dns, ...altNames.ip, ...altNames.uri, ...altNames.email];
}

function namesIn({ chain: [leaf] }: Refusal): string {
  const names = leaf ? namesOf(leaf) : [];
  if (names.length > 0) return ` (names: ${listed(names)})`;
  return leaf ? ' (it has no alternative names, so its subject counts)' : '';
}

/** The CAs that have name constraints, the lowest one by its subject. */
function constrainer(refusal: Refusal): string {
  const [first, ...others] = refusal.path.certificates.filter(
    (certificate, depth) => depth > 0 && hasExtension(certificate, oid.nameConstraints),
  );
  return first && others.length === 0 ? titleOf(first, refusal) : 'a CA above it';
}
