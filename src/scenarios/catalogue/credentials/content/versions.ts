import { contextConstructed, element, integer } from '../../../../asn1/der-writer.ts';
import { all, intermediate, leaf, onTheWire } from '../../changes.ts';
import { type CredentialTable, refused, rejected } from '../../credential-definition.ts';
import { ownIssuer } from '../issuers/hierarchy.ts';

/** Versions and serial numbers. */
export const versionsCredentials: CredentialTable = () => [
  {
    id: 'leaf-v1',
    title: 'a leaf of X.509 version 1',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.1; CABF 7.1.1; 8446 4.4.2.2 (MUST be X.509v3 unless negotiated otherwise)',
    differs: 'the leaf is a version 1 certificate, without extensions',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict gnutls go java' },
    server: { divergent: 'node openssl openssl-strict gnutls java curl' },
    fault: leaf((it) => {
      it.version = 1;
      it.extensions = [];
    }),
  },
  {
    id: 'leaf-v1-with-extensions',
    title: 'a version 1 leaf with extensions',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.1 (MUST be v3)',
    differs: 'the leaf says version 1 and has extensions',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl go' },
    server: { divergent: 'node openssl curl' },
    fault: leaf((it) => {
      it.fields = () => ({ version: new Uint8Array(0) });
    }),
  },
  {
    id: 'leaf-v2',
    title: 'a leaf of X.509 version 2',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.1',
    differs: 'the leaf is a version 2 certificate, without extensions',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict gnutls go java' },
    server: { divergent: 'node openssl openssl-strict gnutls java curl' },
    fault: leaf((it) => {
      it.version = 2;
      it.extensions = [];
    }),
  },
  {
    id: 'leaf-v4',
    title: 'a leaf of a version that does not exist',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.1',
    differs: 'the leaf says version 4',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict gnutls' },
    server: { divergent: 'node openssl openssl-strict gnutls curl' },
    fault: leaf((it) => {
      it.version = 4;
    }),
  },
  {
    id: 'leaf-v3-explicit-v1-encoding',
    title: 'version 1 written out',
    group: 'encoding',
    reference: 'X.690 11.5',
    differs: 'the leaf is a version 1 certificate that writes the version, which DER leaves out',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict gnutls go java' },
    server: { divergent: 'node openssl openssl-strict gnutls java curl' },
    fault: leaf((it) => {
      it.version = 1;
      it.extensions = [];
      it.fields = () => ({ version: contextConstructed(0, integer(0)) });
    }),
  },
  {
    id: 'serial-zero',
    title: 'a serial number of 0',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.2 (positive)',
    differs: 'the serial number is 0',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict gnutls go java' },
    server: { divergent: 'node openssl openssl-strict gnutls go java deno curl' },
    fault: leaf((it) => {
      it.serialNumber = 0n;
    }),
  },
  {
    id: 'serial-negative',
    title: 'a negative serial number',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.2',
    differs: 'the serial number is -5',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict gnutls go java' },
    server: { divergent: 'node openssl openssl-strict gnutls go java deno curl' },
    fault: leaf((it) => {
      it.serialNumber = -5n;
    }),
  },
  {
    id: 'serial-21-octets',
    title: 'a serial number of 21 octets',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.2 (<=20)',
    differs: 'the serial number has 21 octets',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict gnutls go java' },
    server: { divergent: 'node openssl openssl-strict gnutls go java deno curl' },
    fault: leaf((it) => {
      it.serialNumber = 1n << 160n;
    }),
  },
  {
    id: 'serial-20-octets-max',
    title: 'a serial number of 20 octets',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.2',
    differs: 'the serial number has 20 octets, the most that are allowed',
    tier: 'control',
    fault: leaf((it) => {
      it.serialNumber = (1n << 158n) + 1n;
    }),
  },
  {
    id: 'serial-non-minimal',
    title: 'a serial number with superfluous zeros',
    group: 'encoding',
    reference: 'X.690 8.3.2',
    differs: 'the serial number begins with two octets of zero',
    tier: 'extended',
    client: { expected: rejected('ILLEGAL_PADDING', 'decode_error'), divergent: 'gnutls java' },
    server: { expected: rejected('ILLEGAL_PADDING', 'bad_certificate'), divergent: 'gnutls java deno' },
    fault: all(
      onTheWire,
      leaf((it) => {
        it.fields = () => ({ serialNumber: element(0x02, Uint8Array.of(0, 0, 5)) });
      }),
    ),
  },
  {
    id: 'intermediate-serial-negative',
    title: 'an issuing CA with a negative serial number',
    group: 'encoding',
    reference: 'RFC 5280 4.1.2.2',
    differs: 'the serial number of the issuing CA is -5',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict gnutls go java' },
    server: { divergent: 'node openssl openssl-strict gnutls go java deno curl' },
    valid: ownIssuer,
    fault: intermediate((it) => {
      it.serialNumber = -5n;
    }),
  },
];
