import { authorityInfoAccess, subjectAltName } from '../../../../x509/extensions.ts';
import { dnsName } from '../../../../x509/names/general-name.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { intermediate, leaf, root } from '../../changes.ts';
import { ownAnchor, ownIssuer } from '../issuers/hierarchy.ts';
import { altNames, privateExtension } from './unusual-fields.ts';
import { type CredentialTable, cannotPresent, rejected } from '../../credential-definition.ts';

/** Extensions, written as they should not be. */
export const extensionsCredentials: CredentialTable = () => [
  {
    id: 'duplicate-extension',
    title: 'a duplicate extension',
    group: 'encoding',
    differs: 'there are two extensions for the alternative names',
    references: [{ rfc: 5280, section: '4.2', note: 'must not' }],
    cwes: ['CWE-295'],
    severity: 'medium',
    tier: 'core',
    client: { expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE') },
    server: {
      expected: { 'TLSv1.3': rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'TLSv1.2': cannotPresent('handshake_failure') },
    },
    fault: leaf((it) => {
      const names = subjectAltName([dnsName('localhost')], false);
      it.extend(names);
      it.extensions.push(names);
    }),
  },

  {
    id: 'unknown-critical-extension',
    title: 'an unknown critical extension',
    group: 'encoding',
    differs: 'the leaf has a critical extension of a private kind',
    references: [{ rfc: 5280, section: '4.2', note: 'must reject' }],
    cwes: ['CWE-295'],
    severity: 'high',
    tier: 'core',
    expected: rejected('UNHANDLED_CRITICAL_EXTENSION'),
    fault: leaf({ extend: [{ ...privateExtension, critical: true }] }),
  },

  {
    id: 'unknown-noncritical-extension',
    title: 'an unknown extension',
    group: 'encoding',
    differs: 'the leaf has an extension of a private kind that is not critical',
    references: [{ rfc: 5280, section: '4.2' }],
    tier: 'control',
    fault: leaf({ extend: [privateExtension] }),
  },

  {
    id: 'malformed-san',
    title: 'alternative names that are not DER',
    group: 'encoding',
    differs: 'the alternative names are text in place of DER',
    references: [{ rfc: 5280, section: '4.2.1.6' }],
    severity: 'low',
    tier: 'extended',
    divergences: { java: 'accepted' },
    client: { expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE') },
    server: {
      expected: { 'TLSv1.3': rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'TLSv1.2': cannotPresent('handshake_failure') },
    },
    fault: leaf({ extend: [{ oid: oid.subjectAltName, value: text('not der at all') }] }),
  },

  {
    id: 'malformed-basic-constraints',
    title: 'basicConstraints that are not DER',
    group: 'encoding',
    differs: 'basicConstraints are octets that are not DER',
    references: [{ rfc: 5280, section: '4.2.1.9' }],
    severity: 'low',
    tier: 'core',
    divergences: { gnutls: 'accepted' },
    client: { expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE') },
    server: {
      expected: { 'TLSv1.3': rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'TLSv1.2': cannotPresent('handshake_failure') },
    },
    fault: leaf({ extend: [{ oid: oid.basicConstraints, critical: true, value: text('garbage') }] }),
  },

  {
    id: 'malformed-eku',
    title: 'a truncated purpose',
    group: 'encoding',
    differs: 'the object identifier in extendedKeyUsage is truncated',
    references: [{ rfc: 5280, section: '4.2.1.12' }],
    severity: 'low',
    tier: 'extended',
    client: { expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), divergences: { 'gnutls-3.7': 'accepted', java: 'accepted' } },
    server: {
      expected: { 'TLSv1.3': rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'TLSv1.2': cannotPresent('handshake_failure') },
      divergences: { java: 'accepted' },
    },
    fault: leaf({ extend: [{ oid: oid.extendedKeyUsage, value: Uint8Array.of(0x30, 0x04, 0x06, 0x08, 0x2b, 0x06) }] }),
  },

  {
    id: 'malformed-aia',
    title: 'authorityInfoAccess that is not DER',
    group: 'encoding',
    differs: 'authorityInfoAccess is text in place of DER, in an extension that is not critical',
    references: [{ rfc: 5280, section: '4.2.2.1' }],
    tier: 'varies',
    divergences: { go: 'rejected' },
    fault: leaf({ extend: [{ oid: oid.authorityInfoAccess, value: text('not der') }] }),
  },

  {
    id: 'critical-aia',
    title: 'a critical authorityInfoAccess',
    group: 'encoding',
    differs: 'authorityInfoAccess is marked critical',
    references: [{ rfc: 5280, section: '4.2.2.1', note: 'must be non-critical' }],
    severity: 'low',
    tier: 'extended',
    expected: rejected('UNHANDLED_CRITICAL_EXTENSION'),
    divergences: { gnutls: 'accepted', 'go-1.19': 'accepted' },
    fault: leaf({ extend: [{ ...authorityInfoAccess({ ocsp: ['http://127.0.0.1:9/'], caIssuers: [] }), critical: true }] }),
  },

  {
    id: 'aki-mismatch',
    title: 'a key identifier of another issuer',
    group: 'encoding',
    differs: 'the authorityKeyIdentifier of the leaf is not the subjectKeyIdentifier of its issuer',
    references: [{ rfc: 5280, section: '4.2.1.1', note: 'hint only' }],
    tier: 'varies',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    client: { divergences: { go: 'accepted', java: 'accepted' } },
    server: { divergences: { go: 'accepted', java: 'accepted', deno: 'accepted' } },
    valid: ownIssuer,
    fault: leaf({ authorityKeyIdentifier: Buffer.alloc(20, 1) }),
  },

  {
    id: 'aki-missing',
    title: 'no authorityKeyIdentifier',
    group: 'encoding',
    differs: 'the leaf has no authorityKeyIdentifier',
    references: [{ rfc: 5280, section: '4.2.1.1', note: 'must' }],
    tier: 'varies',
    divergences: { 'openssl-strict': 'rejected' },
    valid: ownIssuer,
    fault: leaf({ authorityKeyIdentifier: null }),
  },

  {
    id: 'san-critical-nonempty-subject',
    title: 'critical alternative names beside a subject',
    group: 'encoding',
    differs: 'the alternative names are critical although there is a subject',
    references: [{ rfc: 5280, section: '4.2.1.6', note: 'should not' }],
    tier: 'control',
    fault: altNames(true),
  },

  {
    id: 'intermediate-unknown-critical-extension',
    title: 'an unknown critical extension in the issuing CA',
    group: 'encoding',
    differs: 'the issuing CA has a critical extension of a private kind',
    references: [
      { rfc: 5280, section: '4.2' },
      { rfc: 5280, section: '6.1.4(o)' },
    ],
    cwes: ['CWE-295'],
    severity: 'high',
    tier: 'core',
    expected: rejected('UNHANDLED_CRITICAL_EXTENSION'),
    valid: ownIssuer,
    fault: intermediate({ extend: [{ ...privateExtension, critical: true }] }),
  },

  {
    id: 'root-unknown-critical-extension',
    title: 'an unknown critical extension in the trust anchor',
    group: 'encoding',
    differs: 'the trust anchor has a critical extension of a private kind',
    references: [{ rfc: 5280, section: '6.1.1(d)' }],
    tier: 'varies',
    expected: rejected('UNHANDLED_CRITICAL_EXTENSION'),
    client: { divergences: { java: 'accepted' } },
    server: { divergences: { java: 'accepted', deno: 'accepted' } },
    valid: ownAnchor,
    fault: root({ extend: [{ ...privateExtension, critical: true }] }),
  },
];

function text(words: string): Uint8Array {
  return Buffer.from(words, 'latin1');
}
