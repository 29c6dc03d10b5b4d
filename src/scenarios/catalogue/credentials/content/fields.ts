import { contextPrimitive, element, printableString, sequence } from '../../../../asn1/der-writer.ts';
import { readDer } from '../../../../asn1/der-reader.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { all, intermediate, leaf, onTheWire } from '../../changes.ts';
import { ownIssuer } from '../issuers/hierarchy.ts';
import { altNames, emptySubject, longName, withOrganization } from './unusual-fields.ts';
import { type CredentialTable, refused, rejected } from '../../credential-definition.ts';
import { forStacks } from '../../divergences.ts';

/** The fields of a certificate, written as they should not be. */
export const fieldsCredentials: CredentialTable = () => [
  {
    id: 'empty-subject-no-san',
    title: 'no name at all',
    group: 'encoding',
    differs: 'the subject is empty, and there are no alternative names',
    references: [{ rfc: 5280, section: '4.1.2.6' }],
    severity: 'low',
    tier: 'extended',
    client: { expected: refused, divergences: forStacks(['node', 'openssl', 'gnutls', 'go'], 'accepted') },
    server: { tier: 'core', expected: rejected('ERR_TLS_CERT_ALTNAME_INVALID', 'bad_certificate') },
    fault: all(emptySubject, leaf({ omit: [oid.subjectAltName] })),
  },
  {
    id: 'empty-subject-noncritical-san',
    title: 'an empty subject with alternative names that are not critical',
    group: 'encoding',
    differs: 'the subject is empty, and the alternative names are not marked critical',
    references: [{ rfc: 5280, section: '4.2.1.6', note: 'must be critical' }],
    severity: 'low',
    tier: 'extended',
    expected: refused,
    client: { divergences: forStacks(['node', 'openssl', 'gnutls', 'go'], 'accepted') },
    server: { divergences: forStacks(['node', 'openssl', 'gnutls', 'go', 'deno', 'curl'], 'accepted') },
    fault: all(emptySubject, altNames(false)),
  },
  {
    id: 'empty-subject-critical-san',
    title: 'an empty subject with critical alternative names',
    group: 'encoding',
    differs: 'the subject is empty, and the alternative names are critical, as they have to be',
    references: [{ rfc: 5280, section: '4.2.1.6' }],
    tier: 'control',
    fault: all(emptySubject, altNames(true)),
  },
  {
    id: 'dn-printablestring-invalid-char',
    title: 'a PrintableString with other characters',
    group: 'encoding',
    differs: 'the organization is a PrintableString with * _ @ and &',
    references: [{ rfc: 5280, section: '4.1.2.4' }],
    tier: 'varies',
    divergences: { go: 'rejected' },
    fault: leaf((it) => {
      it.subject = withOrganization(it.subject, printableString('a*b_c@d&e'));
    }),
  },
  {
    id: 'dn-invalid-utf8',
    title: 'a UTF8String that is not UTF-8',
    group: 'encoding',
    differs: 'the organization is a UTF8String with octets that are not UTF-8',
    references: [{ rfc: 5280, section: '4.1.2.4' }],
    severity: 'low',
    tier: 'varies',
    client: { expected: rejected('INVALID_UTF8STRING', 'decode_error'), divergences: { gnutls: 'accepted', java: 'accepted' } },
    server: {
      expected: rejected('INVALID_UTF8STRING', 'bad_certificate'),
      divergences: { gnutls: 'accepted', java: 'accepted', deno: 'accepted' },
    },
    fault: all(
      onTheWire,
      leaf((it) => {
        it.subject = withOrganization(it.subject, element(0x0c, Uint8Array.of(0x61, 0xff, 0xfe)));
      }),
    ),
  },
  {
    id: 'dn-cn-over-64',
    title: 'a long common name',
    group: 'encoding',
    differs: 'a common name has 200 characters, where 64 are the most',
    references: [{ rfc: 5280, section: 'A.1', note: 'ub-common-name is 64' }],
    tier: 'varies',
    fault: leaf((it) => {
      it.subject = sequence(...readDer(it.subject, 'subject').children.map(({ bytes }) => bytes), longName());
    }),
  },
  {
    id: 'issuer-empty',
    title: 'an empty issuer name',
    group: 'encoding',
    differs: 'the issuer name of the leaf is empty',
    references: [{ rfc: 5280, section: '4.1.2.4', note: 'must not be empty' }],
    cwes: ['CWE-296'],
    severity: 'low',
    tier: 'core',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    valid: ownIssuer,
    fault: leaf({ issuer: sequence() }),
  },
  {
    id: 'ca-empty-subject',
    title: 'an issuing CA without a name',
    group: 'encoding',
    differs: 'the subject of the issuing CA is empty',
    references: [{ rfc: 5280, section: '4.1.2.6', note: 'must' }],
    severity: 'low',
    tier: 'extended',
    expected: refused,
    client: { divergences: forStacks(['node', 'openssl', 'gnutls', 'go'], 'accepted') },
    server: { divergences: forStacks(['node', 'openssl', 'gnutls', 'go', 'deno'], 'accepted') },
    valid: ownIssuer,
    fault: intermediate({ subject: sequence() }),
  },
  {
    id: 'leaf-issuer-unique-id',
    title: 'an issuerUniqueID',
    group: 'encoding',
    differs: 'the leaf has an issuerUniqueID',
    references: [{ rfc: 5280, section: '4.1.2.8', note: 'must not generate' }],
    tier: 'varies',
    server: { divergences: { deno: 'rejected' } },
    fault: leaf({ fields: () => ({ uniqueIdentifiers: contextPrimitive(1, Uint8Array.of(0, 1, 2, 3)) }) }),
  },
];
