import { authorityInfoAccess, subjectAltName } from '../../../../x509/extensions.ts';
import { dnsName } from '../../../../x509/names/general-name.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { intermediate, leaf, root } from '../../changes.ts';
import { ownAnchor, ownIssuer } from '../issuers/hierarchy.ts';
import { altNames, privateExtension } from './odd-fields.ts';
import { type CredentialTable, cannotPresent, rejected } from '../../credential-definition.ts';

/** Extensions, written as they should not be. */
export const extensionsCredentials: CredentialTable = () => [
  {
    id: 'duplicate-extension',
    title: 'an extension twice',
    group: 'encoding',
    reference: 'RFC 5280 4.2 (MUST NOT)',
    differs: 'the alternative names stand there twice',
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
    reference: 'RFC 5280 4.2 (MUST reject)',
    differs: 'the leaf has a critical extension of a private kind',
    tier: 'core',
    expected: rejected('UNHANDLED_CRITICAL_EXTENSION'),
    fault: leaf((it) => {
      it.extend({ ...privateExtension, critical: true });
    }),
  },

  {
    id: 'unknown-noncritical-extension',
    title: 'an unknown extension',
    group: 'encoding',
    reference: 'RFC 5280 4.2',
    differs: 'the leaf has an extension of a private kind that is not critical',
    tier: 'control',
    fault: leaf((it) => {
      it.extend(privateExtension);
    }),
  },

  {
    id: 'malformed-san',
    title: 'alternative names that are no DER',
    group: 'encoding',
    reference: 'RFC 5280 4.2.1.6',
    differs: 'the alternative names are text in place of DER',
    tier: 'extended',
    divergent: 'java',
    client: { expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE') },
    server: {
      expected: { 'TLSv1.3': rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'TLSv1.2': cannotPresent('handshake_failure') },
    },
    fault: leaf((it) => {
      it.extend({ oid: oid.subjectAltName, value: text('not der at all') });
    }),
  },

  {
    id: 'malformed-basic-constraints',
    title: 'basicConstraints that are no DER',
    group: 'encoding',
    reference: 'RFC 5280 4.2.1.9',
    differs: 'basicConstraints are octets that are no DER',
    tier: 'core',
    divergent: 'gnutls',
    client: { expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE') },
    server: {
      expected: { 'TLSv1.3': rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'TLSv1.2': cannotPresent('handshake_failure') },
    },
    fault: leaf((it) => {
      it.extend({ oid: oid.basicConstraints, critical: true, value: text('garbage') });
    }),
  },

  {
    id: 'malformed-eku',
    title: 'a truncated purpose',
    group: 'encoding',
    reference: 'RFC 5280 4.2.1.12',
    differs: 'the object identifier in extendedKeyUsage is cut short',
    tier: 'extended',
    client: { expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), divergent: 'gnutls java' },
    server: {
      expected: { 'TLSv1.3': rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'TLSv1.2': cannotPresent('handshake_failure') },
      divergent: 'java',
    },
    fault: leaf((it) => {
      it.extend({ oid: oid.extendedKeyUsage, value: Uint8Array.of(0x30, 0x04, 0x06, 0x08, 0x2b, 0x06) });
    }),
  },

  {
    id: 'malformed-aia',
    title: 'authorityInfoAccess that is no DER',
    group: 'encoding',
    reference: 'RFC 5280 4.2.2.1',
    differs: 'authorityInfoAccess is text in place of DER, in an extension that is not critical',
    tier: 'varies',
    divergent: 'go',
    fault: leaf((it) => {
      it.extend({ oid: oid.authorityInfoAccess, value: text('not der') });
    }),
  },

  {
    id: 'critical-aia',
    title: 'a critical authorityInfoAccess',
    group: 'encoding',
    reference: 'RFC 5280 4.2.2.1 (MUST be non-critical)',
    differs: 'authorityInfoAccess is marked critical',
    tier: 'extended',
    expected: rejected('UNHANDLED_CRITICAL_EXTENSION'),
    divergent: 'gnutls go-1.19',
    fault: leaf((it) => {
      it.extend({ ...authorityInfoAccess({ ocsp: ['http://127.0.0.1:9/'], caIssuers: [] }), critical: true });
    }),
  },

  {
    id: 'aki-mismatch',
    title: 'a key identifier of another issuer',
    group: 'encoding',
    reference: 'RFC 5280 4.2.1.1 (hint only)',
    differs: 'the authorityKeyIdentifier of the leaf is not the subjectKeyIdentifier of its issuer',
    tier: 'varies',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    client: { divergent: 'go java' },
    server: { divergent: 'go java deno' },
    valid: ownIssuer,
    fault: leaf((it) => {
      it.authorityKeyIdentifier = Buffer.alloc(20, 1);
    }),
  },

  {
    id: 'aki-missing',
    title: 'no authorityKeyIdentifier',
    group: 'encoding',
    reference: 'RFC 5280 4.2.1.1 (MUST)',
    differs: 'the leaf has no authorityKeyIdentifier',
    tier: 'varies',
    divergent: 'openssl-strict',
    valid: ownIssuer,
    fault: leaf((it) => {
      it.authorityKeyIdentifier = null;
    }),
  },

  {
    id: 'san-critical-nonempty-subject',
    title: 'critical alternative names beside a subject',
    group: 'encoding',
    reference: 'RFC 5280 4.2.1.6 (SHOULD NOT)',
    differs: 'the alternative names are critical although there is a subject',
    tier: 'control',
    fault: altNames(true),
  },

  {
    id: 'intermediate-unknown-critical-extension',
    title: 'an unknown critical extension in the issuing CA',
    group: 'encoding',
    reference: 'RFC 5280 4.2, 6.1.4(o)',
    differs: 'the issuing CA has a critical extension of a private kind',
    tier: 'core',
    expected: rejected('UNHANDLED_CRITICAL_EXTENSION'),
    valid: ownIssuer,
    fault: intermediate((it) => {
      it.extend({ ...privateExtension, critical: true });
    }),
  },

  {
    id: 'root-unknown-critical-extension',
    title: 'an unknown critical extension in the trust anchor',
    group: 'encoding',
    reference: 'RFC 5280 6.1.1(d)',
    differs: 'the trust anchor has a critical extension of a private kind',
    tier: 'varies',
    expected: rejected('UNHANDLED_CRITICAL_EXTENSION'),
    client: { divergent: 'java' },
    server: { divergent: 'java deno' },
    valid: ownAnchor,
    fault: root((it) => {
      it.extend({ ...privateExtension, critical: true });
    }),
  },
];

function text(words: string): Uint8Array {
  return Buffer.from(words, 'latin1');
}
