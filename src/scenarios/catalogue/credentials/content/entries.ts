import { readDer } from '../../../../asn1/der-reader.ts';
import { element, nullValue, octetString, sequence } from '../../../../asn1/der-writer.ts';
import { encodePem } from '../../../../asn1/pem.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { all, intermediate, leaf, onTheWire } from '../../changes.ts';
import { chainOf, ownIssuer, sent } from '../issuers/hierarchy.ts';
import { manyNames, privateExtension, withLongLength } from './odd-fields.ts';
import { type CredentialTable, refused, rejected } from '../../credential-definition.ts';

/** What is in the entries of the Certificate message, and how many there are. */
export const entriesCredentials: CredentialTable = () => [
  {
    id: 'ber-boolean-true',
    title: 'a BOOLEAN of 0x01',
    group: 'encoding',
    reference: 'X.690 11.1',
    differs: 'TRUE in basicConstraints of the issuing CA is the octet 0x01, where DER wants 0xff',
    tier: 'varies',
    client: { divergent: 'go' },
    server: { divergent: 'go deno' },
    valid: ownIssuer,
    fault: intermediate((it) => {
      it.extend({ oid: oid.basicConstraints, critical: true, value: sequence(element(0x01, Uint8Array.of(1))) });
    }),
  },

  {
    id: 'trailing-data-in-certificate',
    title: 'an element too many',
    group: 'encoding',
    reference: 'RFC 5280 4.1',
    differs: 'a NULL follows the signature within the certificate',
    tier: 'extended',
    divergent: 'go',
    client: { expected: rejected('SEQUENCE_LENGTH_MISMATCH', 'decode_error') },
    server: { expected: rejected('SEQUENCE_LENGTH_MISMATCH', 'bad_certificate') },
    fault: all(
      onTheWire,
      leaf((it) => {
        it.octets = (der) => sequence(...readDer(der, 'certificate').children.map(({ bytes }) => bytes), nullValue());
      }),
    ),
  },

  {
    id: 'leaf-large-60kb',
    title: 'a leaf of 60 kB',
    group: 'encoding',
    reference: 'RFC 8446 4.4.2 (2^24-1)',
    differs: 'an extension of a private kind has 60,000 octets',
    tier: 'varies',
    divergent: 'java',
    fault: leaf((it) => {
      it.extend({ ...privateExtension, value: octetString(new Uint8Array(60_000)) });
    }),
  },

  {
    id: 'leaf-large-120kb',
    title: 'a leaf of 120 kB',
    group: 'encoding',
    reference: 'RFC 8446 4.4.2',
    differs: 'an extension of a private kind has 120,000 octets',
    tier: 'core',
    expected: rejected('EXCESSIVE_MESSAGE_SIZE', 'illegal_parameter'),
    server: { divergent: 'gnutls' },
    fault: leaf((it) => {
      it.extend({ ...privateExtension, value: octetString(new Uint8Array(120_000)) });
    }),
  },

  {
    id: 'san-1000-names',
    title: 'a thousand names',
    group: 'encoding',
    reference: 'local policy',
    differs: 'the leaf has a thousand alternative names besides the usual',
    tier: 'varies',
    fault: manyNames,
  },

  {
    id: 'trailing-garbage-after-certificate',
    title: 'octets after the certificate',
    group: 'encoding',
    reference: 'RFC 8446 4.4.2',
    differs: 'four octets follow the certificate within its entry',
    tier: 'extended',
    expected: rejected('CERT_LENGTH_MISMATCH', 'decode_error'),
    divergent: 'java',
    fault: all(
      onTheWire,
      sent(({ leaf: own, issuers }) => [Buffer.concat([own, Uint8Array.of(1, 2, 3, 4)]), ...issuers]),
    ),
  },

  {
    id: 'certificate-entry-empty',
    title: 'an empty entry',
    group: 'encoding',
    reference: 'RFC 8446 4.4.2 (cert_data<1..>)',
    differs: 'the first entry of the Certificate message has no octets',
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
    reference: 'RFC 8446 4.4.2',
    differs: 'the entry of the leaf is PEM text',
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
    title: 'a certificate that is cut short',
    group: 'encoding',
    reference: 'RFC 8446 4.4.2',
    differs: 'the last octets of the leaf are missing',
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
    title: 'an issuing CA that is no DER',
    group: 'encoding',
    reference: 'RFC 8446 4.4.2',
    differs: 'the entry of the issuing CA is octets that are no DER',
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
    reference: 'RFC 8446 4.4.2',
    differs: 'an entry without octets follows the chain',
    tier: 'core',
    client: { expected: rejected('TOO_SMALL', 'decode_error') },
    server: { expected: rejected('TOO_SMALL', 'bad_certificate'), divergent: 'deno' },
    fault: all(
      onTheWire,
      sent(({ leaf: own, issuers }) => [own, ...issuers, new Uint8Array(0)]),
    ),
  },

  {
    id: 'ber-indefinite-length',
    title: 'an indefinite length',
    group: 'encoding',
    reference: 'X.690 10.1',
    differs: 'the certificate has an indefinite length, which is BER and not DER',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict java' },
    server: { divergent: 'node openssl openssl-strict java curl' },
    fault: leaf((it) => {
      it.octets = (der) => Buffer.concat([Uint8Array.of(0x30, 0x80), readDer(der, 'certificate').content, Uint8Array.of(0, 0)]);
    }),
  },

  {
    id: 'non-minimal-length',
    title: 'a length with superfluous octets',
    group: 'encoding',
    reference: 'X.690 10.1',
    differs: 'the length of the certificate takes two octets more than it needs',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict gnutls java' },
    server: { divergent: 'node openssl openssl-strict gnutls java curl' },
    fault: leaf((it) => {
      it.octets = (der) => withLongLength(readDer(der, 'certificate').content);
    }),
  },

  {
    id: 'chain-depth-12',
    title: 'a chain of twelve CAs',
    group: 'encoding',
    reference: 'local policy',
    differs: 'twelve CAs stand between the root and the leaf',
    tier: 'varies',
    client: { divergent: 'java' },
    server: { divergent: 'java deno' },
    fault: chainOf(12),
  },

  {
    id: 'chain-depth-105',
    title: 'a chain of 105 CAs',
    group: 'encoding',
    reference: 'RFC 8446 4.4.2',
    differs: '105 CAs stand between the root and the leaf, more than OpenSSL follows',
    tier: 'core',
    expected: rejected('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
    valid: chainOf(12),
    fault: chainOf(105),
  },
];
