import type { Side } from '../../../../wire/tap/capture.ts';
import { extendedKeyUsage, type Extension } from '../../../../x509/extensions.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { leaf } from '../../changes.ts';
import { type CredentialTable, type Change, rejected } from '../../credential-definition.ts';
import { otherThan, purpose } from '../issuers/authority-changes.ts';

/** What the leaf may be used for, by its extendedKeyUsage. */
export const extendedKeyUsageCredentials: CredentialTable = () => [
  {
    id: 'eku-opposite-role',
    title: 'a leaf for the other role',
    group: 'usage',
    differs: 'extendedKeyUsage of a client has serverAuth only, that of a server clientAuth only',
    references: [
      { rfc: 5280, section: '4.2.1.12' },
      { rfc: 8446, section: '4.4.2.2' },
    ],
    cves: ['CVE-2024-45159', 'CVE-2026-45388', 'CVE-2026-45389', 'CVE-2026-67294'],
    cwes: ['CWE-295'],
    severity: 'high',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergences: { 'gnutls-3.7': 'accepted' } },
    fault: ofRole((role) => purpose(otherThan(role))),
  },
  {
    id: 'eku-codesigning-only',
    title: 'a leaf for signing code',
    group: 'usage',
    differs: 'extendedKeyUsage has codeSigning only',
    references: [{ rfc: 5280, section: '4.2.1.12' }],
    cwes: ['CWE-295'],
    severity: 'high',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergences: { 'gnutls-3.7': 'accepted' } },
    fault: leaf({ extend: [extendedKeyUsage(['codeSigning'])] }),
  },
  {
    id: 'eku-any',
    title: 'a leaf for any purpose',
    group: 'usage',
    differs: 'extendedKeyUsage has anyExtendedKeyUsage only',
    references: [{ rfc: 5280, section: '4.2.1.12', note: 'may be rejected where a particular purpose is required' }],
    tier: 'varies',
    expected: rejected('INVALID_PURPOSE'),
    divergences: { gnutls: 'accepted', go: 'accepted', java: 'accepted' },
    fault: leaf({ extend: [extendedKeyUsage(['anyExtendedKeyUsage'])] }),
  },
  {
    id: 'eku-absent',
    title: 'a leaf without extendedKeyUsage',
    group: 'usage',
    differs: 'there is no extendedKeyUsage',
    references: [{ rfc: 5280, section: '4.2.1.12', note: 'no restriction' }],
    tier: 'control',
    fault: leaf({ omit: [oid.extendedKeyUsage] }),
  },
  {
    id: 'eku-empty',
    title: 'a leaf for no purpose',
    group: 'usage',
    differs: 'extendedKeyUsage is an empty sequence',
    references: [{ rfc: 5280, section: '4.2.1.12', note: 'at least one' }],
    cwes: ['CWE-295'],
    severity: 'medium',
    tier: 'extended',
    expected: rejected('INVALID_PURPOSE'),
    divergences: { gnutls: 'accepted', go: 'accepted' },
    fault: leaf({ extend: [extendedKeyUsage([])] }),
  },
  {
    id: 'eku-critical-opposite',
    title: 'a leaf for the other role, which is critical',
    group: 'usage',
    differs: 'extendedKeyUsage, which is critical, has the purpose of the other role only',
    references: [{ rfc: 5280, section: '4.2.1.12' }],
    cwes: ['CWE-295'],
    severity: 'high',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergences: { 'gnutls-3.7': 'accepted' } },
    valid: ofRole((role) => critical(purpose(role))),
    fault: ofRole((role) => critical(purpose(otherThan(role)))),
  },
  {
    id: 'eku-unknown-oid',
    title: 'a leaf for an unknown purpose',
    group: 'usage',
    differs: 'extendedKeyUsage has an object identifier of a private arc only',
    references: [{ rfc: 5280, section: '4.2.1.12' }],
    cwes: ['CWE-295'],
    severity: 'high',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergences: { 'gnutls-3.7': 'accepted' } },
    fault: leaf({ extend: [extendedKeyUsage(['1.3.6.1.4.1.99999.1'])] }),
  },
];

/** The leaf has an extension that depends on its role, in place of its own. */
function ofRole(extension: (role: Side) => Extension): Change {
  return ({ leaf: it, role }) => {
    it.extend(extension(role));
  };
}

function critical(extension: Extension): Extension {
  return { ...extension, critical: true };
}
