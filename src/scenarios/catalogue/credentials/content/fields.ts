import { contextPrimitive, element, printableString, sequence } from '../../../../asn1/der-writer.ts';
import { readDer } from '../../../../asn1/der-reader.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { all, intermediate, leaf, onTheWire } from '../../changes.ts';
import { ownIssuer } from '../issuers/hierarchy.ts';
import { altNames, emptySubject, longName, withOrganization } from './odd-fields.ts';
import { type CredentialTable, refused, rejected } from '../../credential-definition.ts';

/** The fields of a certificate, written as they should not be. */
export const fieldsCredentials: CredentialTable = () => [
  {
    id: 'empty-subject-no-san',
    title: 'no name at all',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.6',
    differs: 'the subject is empty, and there are no alternative names',
    tier: 'extended',
    client: { expected: refused, divergent: 'node openssl gnutls go' },
    server: { tier: 'core', expected: rejected('ERR_TLS_CERT_ALTNAME_INVALID', 'bad_certificate') },
    fault: all(
      emptySubject,
      leaf((it) => {
        it.omit(oid.subjectAltName);
      }),
    ),
  },
  {
    id: 'empty-subject-noncritical-san',
    title: 'an empty subject with alternative names that are not critical',
    group: 'encoding',
    reference: 'RFC 5280 4.2.1.6 (MUST be critical)',
    differs: 'the subject is empty, and the alternative names are not marked critical',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl gnutls go' },
    server: { divergent: 'node openssl gnutls go deno curl' },
    fault: all(emptySubject, altNames(false)),
  },
  {
    id: 'empty-subject-critical-san',
    title: 'an empty subject with critical alternative names',
    group: 'encoding',
    reference: 'RFC 5280 4.2.1.6',
    differs: 'the subject is empty, and the alternative names are critical, as they have to be',
    tier: 'control',
    fault: all(emptySubject, altNames(true)),
  },
  {
    id: 'dn-printablestring-invalid-char',
    title: 'a PrintableString with other characters',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.4',
    differs: 'the organization is a PrintableString with * _ @ and &',
    tier: 'varies',
    divergent: 'go',
    fault: leaf((it) => {
      it.subject = withOrganization(it.subject, printableString('a*b_c@d&e'));
    }),
  },
  {
    id: 'dn-invalid-utf8',
    title: 'a UTF8String that is none',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.4',
    differs: 'the organization is a UTF8String with octets that are no UTF-8',
    tier: 'varies',
    client: { expected: rejected('INVALID_UTF8STRING', 'decode_error'), divergent: 'gnutls java' },
    server: { expected: rejected('INVALID_UTF8STRING', 'bad_certificate'), divergent: 'gnutls java deno' },
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
    reference: 'RFC 5280 A.1 ub-common-name 64',
    differs: 'a common name has 200 characters, where 64 are the most',
    tier: 'varies',
    fault: leaf((it) => {
      it.subject = sequence(...readDer(it.subject, 'subject').children.map(({ bytes }) => bytes), longName());
    }),
  },
  {
    id: 'issuer-empty',
    title: 'an empty issuer name',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.4 (MUST non-empty)',
    differs: 'the issuer name of the leaf is empty',
    tier: 'core',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    valid: ownIssuer,
    fault: leaf((it) => {
      it.issuer = sequence();
    }),
  },
  {
    id: 'ca-empty-subject',
    title: 'an issuing CA without a name',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.6 (MUST)',
    differs: 'the subject of the issuing CA is empty',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl gnutls go' },
    server: { divergent: 'node openssl gnutls go deno' },
    valid: ownIssuer,
    fault: intermediate((it) => {
      it.subject = sequence();
    }),
  },
  {
    id: 'leaf-issuer-unique-id',
    title: 'an issuerUniqueID',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.8 (MUST NOT generate)',
    differs: 'the leaf has an issuerUniqueID',
    tier: 'varies',
    server: { divergent: 'deno' },
    fault: leaf((it) => {
      it.fields = () => ({ uniqueIdentifiers: contextPrimitive(1, Uint8Array.of(0, 1, 2, 3)) });
    }),
  },
];
