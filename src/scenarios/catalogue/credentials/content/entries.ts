import { readDer } from '../../../../asn1/der-reader.ts';
import { element, nullValue, octetString, sequence } from '../../../../asn1/der-writer.ts';
import { encodePem } from '../../../../asn1/pem.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { all, intermediate, leaf, onTheWire } from '../../changes.ts';
import { chainOf, ownIssuer, sent } from '../issuers/hierarchy.ts';
import { manyNames, privateExtension, withLongLength } from './unusual-fields.ts';
import { type CredentialTable, refused, rejected } from '../../credential-definition.ts';
import { forStacks } from '../../divergences.ts';

/** What is in the entries of the Certificate message, and how many there are. */
export const entriesCredentials: CredentialTable = () => [
  {
    id: 'ber-boolean-true',
    title: 'a BOOLEAN of 0x01',
    group: 'encoding',
    differs: 'TRUE in basicConstraints of the issuing CA is the octet 0x01, where DER requires 0xff',
    references: [{ document: 'X.690', section: '11.1' }],
    tier: 'varies',
    client: { divergences: { go: 'rejected' } },
    server: { divergences: { go: 'rejected', deno: 'rejected' } },
    valid: ownIssuer,
    fault: intermediate({ extend: [{ oid: oid.basicConstraints, critical: true, value: sequence(element(0x01, Uint8Array.of(1))) }] }),
  },

  {
    id: 'trailing-data-in-certificate',
    title: 'an extra element',
    group: 'encoding',
    differs: 'a NULL follows the signature within the certificate',
    references: [{ rfc: 5280, section: '4.1' }],
    cwes: ['CWE-20'],
    severity: 'low',
    tier: 'extended',
    divergences: { go: 'accepted' },
    client: { expected: rejected('SEQUENCE_LENGTH_MISMATCH', 'decode_error') },
    server: { expected: rejected('SEQUENCE_LENGTH_MISMATCH', 'bad_certificate') },
    fault: all(
      onTheWire,
      leaf({ octets: (der) => sequence(...readDer(der, 'certificate').children.map(({ bytes }) => bytes), nullValue()) }),
    ),
  },

  {
    id: 'leaf-large-60kb',
    title: 'a leaf of 60 kB',
    group: 'encoding',
    differs: 'an extension of a private kind has 60,000 octets',
    references: [{ rfc: 8446, section: '4.4.2', note: 'at most 2^24-1 octets' }],
    tier: 'varies',
    divergences: { java: 'rejected' },
    fault: leaf({ extend: [{ ...privateExtension, value: octetString(new Uint8Array(60_000)) }] }),
  },

  {
    id: 'leaf-large-120kb',
    title: 'a leaf of 120 kB',
    group: 'encoding',
    differs: 'an extension of a private kind has 120,000 octets',
    references: [{ rfc: 8446, section: '4.4.2' }],
    cwes: ['CWE-770'],
    severity: 'medium',
    tier: 'core',
    expected: rejected('EXCESSIVE_MESSAGE_SIZE', 'illegal_parameter'),
    server: { divergences: { gnutls: 'accepted' } },
    fault: leaf({ extend: [{ ...privateExtension, value: octetString(new Uint8Array(120_000)) }] }),
  },

  {
    id: 'san-1000-names',
    title: 'a thousand names',
    group: 'encoding',
    differs: 'the leaf has a thousand alternative names in addition to the usual ones',
    references: [],
    tier: 'varies',
    fault: manyNames,
  },

  {
    id: 'trailing-garbage-after-certificate',
    title: 'octets after the certificate',
    group: 'encoding',
    differs: 'four octets follow the certificate within its entry',
    references: [{ rfc: 8446, section: '4.4.2' }],
    cwes: ['CWE-20'],
    severity: 'low',
    tier: 'extended',
    expected: rejected('CERT_LENGTH_MISMATCH', 'decode_error'),
    divergences: { java: 'accepted' },
    fault: all(
      onTheWire,
      sent(({ leaf: own, issuers }) => [Buffer.concat([own, Uint8Array.of(1, 2, 3, 4)]), ...issuers]),
    ),
  },

  {
    id: 'certificate-entry-empty',
    title: 'an empty entry',
    group: 'encoding',
    differs: 'the first entry of the Certificate message has no octets',
    references: [{ rfc: 8446, section: '4.4.2', note: 'cert_data<1..>' }],
    cwes: ['CWE-20'],
    severity: 'low',
    tier: 'core',
    client: { expected: rejected('TOO_SMALL', 'decode_error') },
    server: { expected: rejected('TOO_SMALL', 'bad_certificate') },
    fault: all(
      onTheWire,
      sent(({ leaf: own, issuers }) => [new Uint8Array(0), own, ...issuers]),
    ),
  },

  {
    id: 'certificate-not-der',
    title: 'PEM in place of DER',
    group: 'encoding',
    differs: 'the entry of the leaf is PEM text',
    references: [{ rfc: 8446, section: '4.4.2' }],
    cwes: ['CWE-20'],
    severity: 'low',
    tier: 'core',
    client: { expected: rejected('WRONG_TAG', 'decode_error') },
    server: { expected: rejected('WRONG_TAG', 'bad_certificate') },
    fault: all(
      onTheWire,
      sent(({ leaf: own, issuers }) => [Buffer.from(encodePem('CERTIFICATE', own), 'latin1'), ...issuers]),
    ),
  },

  {
    id: 'certificate-truncated',
    title: 'a truncated certificate',
    group: 'encoding',
    differs: 'the last octets of the leaf are missing',
    references: [{ rfc: 8446, section: '4.4.2' }],
    cwes: ['CWE-20'],
    severity: 'low',
    tier: 'core',
    client: { expected: rejected('TOO_LONG', 'decode_error') },
    server: { expected: rejected('TOO_LONG', 'bad_certificate') },
    fault: all(
      onTheWire,
      sent(({ leaf: own, issuers }) => [own.subarray(0, -20), ...issuers]),
    ),
  },

  {
    id: 'intermediate-not-der',
    title: 'an issuing CA that is not DER',
    group: 'encoding',
    differs: 'the entry of the issuing CA is octets that are not DER',
    references: [{ rfc: 8446, section: '4.4.2' }],
    cwes: ['CWE-20'],
    severity: 'low',
    tier: 'core',
    client: { expected: rejected('HEADER_TOO_LONG', 'decode_error') },
    server: { expected: rejected('HEADER_TOO_LONG', 'bad_certificate') },
    valid: ownIssuer,
    fault: all(
      onTheWire,
      sent(({ leaf: own }) => [own, Buffer.alloc(40, 0xff)]),
    ),
  },

  {
    id: 'valid-leaf-followed-by-empty-entry',
    title: 'an empty entry at the end',
    group: 'encoding',
    differs: 'an entry without octets follows the chain',
    references: [{ rfc: 8446, section: '4.4.2' }],
    cwes: ['CWE-20'],
    severity: 'low',
    tier: 'core',
    client: { expected: rejected('TOO_SMALL', 'decode_error') },
    server: { expected: rejected('TOO_SMALL', 'bad_certificate'), divergences: { deno: 'accepted' } },
    fault: all(
      onTheWire,
      sent(({ leaf: own, issuers }) => [own, ...issuers, new Uint8Array(0)]),
    ),
  },

  {
    id: 'ber-indefinite-length',
    title: 'an indefinite length',
    group: 'encoding',
    differs: 'the certificate has an indefinite length, which is BER and not DER',
    references: [{ document: 'X.690', section: '10.1' }],
    severity: 'low',
    tier: 'extended',
    expected: refused,
    client: { divergences: forStacks(['node', 'openssl', 'openssl-strict', 'java'], 'accepted') },
    server: { divergences: forStacks(['node', 'openssl', 'openssl-strict', 'java', 'curl'], 'accepted') },
    fault: leaf({ octets: (der) => Buffer.concat([Uint8Array.of(0x30, 0x80), readDer(der, 'certificate').content, Uint8Array.of(0, 0)]) }),
  },

  {
    id: 'non-minimal-length',
    title: 'a length with superfluous octets',
    group: 'encoding',
    differs: 'the length of the certificate takes two octets more than it needs',
    references: [{ document: 'X.690', section: '10.1' }],
    severity: 'low',
    tier: 'extended',
    expected: refused,
    client: { divergences: forStacks(['node', 'openssl', 'openssl-strict', 'gnutls', 'java'], 'accepted') },
    server: { divergences: forStacks(['node', 'openssl', 'openssl-strict', 'gnutls', 'java', 'curl'], 'accepted') },
    fault: leaf({ octets: (der) => withLongLength(readDer(der, 'certificate').content) }),
  },

  {
    id: 'chain-depth-12',
    title: 'a chain of twelve CAs',
    group: 'encoding',
    differs: 'there are twelve CAs between the root and the leaf',
    references: [],
    tier: 'varies',
    client: { divergences: { java: 'rejected' } },
    server: { divergences: { java: 'rejected', deno: 'rejected' } },
    fault: chainOf(12),
  },

  {
    id: 'chain-depth-105',
    title: 'a chain of 105 CAs',
    group: 'encoding',
    differs: 'there are 105 CAs between the root and the leaf, more than OpenSSL follows',
    references: [{ rfc: 8446, section: '4.4.2' }],
    cwes: ['CWE-770'],
    severity: 'medium',
    tier: 'core',
    expected: rejected('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
    valid: chainOf(12),
    fault: chainOf(105),
  },
];
