import { generateKeyPairSync } from 'node:crypto';
import {
  boolean,
  contextConstructed,
  contextPrimitive,
  element,
  nullValue,
  objectIdentifier,
  sequence,
  utf8String,
} from '../../../src/asn1/der-writer.ts';
import { keyUsage } from '../../../src/x509/extensions.ts';
import { dnsName, emailName, ipName, uriName } from '../../../src/x509/names/general-name.ts';
import { nameConstraints } from '../../../src/x509/names/name-constraints.ts';
import { oid } from '../../../src/x509/object-identifiers.ts';
import { type Change, type ChainChanges, changes, extended } from './chain-maker.ts';
import {
  called,
  constrained,
  ecdsaSha1,
  explicitCurve,
  listEntry,
  named,
  rsaKey,
  rsaSha1,
  signsWith,
  subjectOnly,
  subtrees,
  unknownCritical,
  withKey,
} from './chain-changes.ts';

/** A chain that Node refuses without naming the reason. */
export interface HiddenCase {
  /** Of the catalogue, where it is there. */
  readonly name: string;
  readonly reason: string;
  readonly changes: ChainChanges;
  /** The numbers of the TLS versions in which the leaf's key can sign at all; default both. */
  readonly versions?: readonly ('TLSv1.3' | 'TLSv1.2')[];
  /** What it comes to on Node 22, where that is something else: OpenSSL's security level is 1 there, which takes keys of 80 bits. */
  readonly onNode22?: 'accepted' | (string & {});
}

const host = dnsName('localhost');
const otherName = contextConstructed(0, objectIdentifier('1.2.3.4'), contextConstructed(0, utf8String('alice')));

/** One defect each. */
export const hiddenCases: readonly HiddenCase[] = [
  violated('nc-permitted-dns-violated', 'PERMITTED', constrained({ permitted: { dns: 'other.test' } })),
  violated('nc-permitted-dns-violated-noncritical', 'PERMITTED', {
    intermediates: [extended({ ...nameConstraints({ permitted: { dns: 'other.test' } }), critical: false })],
  }),
  violated('nc-excluded-dns-violated', 'EXCLUDED', constrained({ excluded: { dns: 'localhost' } })),
  violated('nc-excluded-dns-second-san', 'EXCLUDED', constrained({ excluded: { dns: 'bad.test' } }), named(host, dnsName('a.bad.test'))),
  violated(
    'nc-permitted-host-wildcard-san',
    'PERMITTED',
    constrained({ permitted: { dns: ['localhost', 'foo.example.test'] } }),
    named(host, dnsName('*.example.test')),
  ),
  violated('nc-permitted-ip-violated', 'PERMITTED', constrained({ permitted: { ip: '10.0.0.0/8' } }), named(host, ipName('127.0.0.1'))),
  violated(
    'nc-permitted-uri-violated',
    'PERMITTED',
    constrained({ permitted: { uri: 'a.test' } }),
    named(host, uriName('spiffe://b.test/web')),
  ),
  violated(
    'nc-excluded-uri-violated',
    'EXCLUDED',
    constrained({ excluded: { uri: '.test' } }),
    named(host, uriName('spiffe://b.test/web')),
  ),
  violated(
    'nc-excluded-email-violated',
    'EXCLUDED',
    constrained({ excluded: { email: 'bad.test' } }),
    named(host, emailName('a@BAD.test')),
  ),
  violated('nc-permitted-dirname-violated', 'PERMITTED', constrained({ permitted: { directory: [{ organization: 'Other' }] } })),
  violated('nc-excluded-dirname-violated', 'EXCLUDED', constrained({ excluded: { directory: [{ organization: 'MTLS-Fixtures ' }] } })),
  violated(
    'nc-permitted-dns-violated-by-cn',
    'PERMITTED',
    constrained({ permitted: { dns: 'other.test' } }),
    subjectOnly('alice.example.test'),
  ),
  violated(
    'nc-excluded-dns-violated-by-cn',
    'EXCLUDED',
    constrained({ excluded: { dns: 'example.test' } }),
    subjectOnly('alice.example.test'),
  ),
  violated('nc-excluded-case-variant', 'EXCLUDED', constrained({ excluded: { dns: 'LOCALHOST' } })),
  violated(
    'nc-excluded-san-trailing-dot',
    'EXCLUDED',
    { intermediates: [extended(subtrees('excluded', contextPrimitive(2, Buffer.from('bad.test.'))))] },
    named(host, contextPrimitive(2, Buffer.from('a.bad.test.'))),
  ),
  violated('nc-in-trust-anchor-violated', 'PERMITTED', { root: extended(nameConstraints({ permitted: { dns: 'other.test' } })) }),
  violated(
    'nc-of-an-intermediate-violated',
    'PERMITTED',
    { root: extended(nameConstraints({ permitted: { directory: [{ locality: 'Berlin' }] } })) },
    called({ locality: 'berlin', commonName: 'alice' }),
  ),
  {
    name: 'nc-othername-excluded',
    reason: 'UNSUPPORTED_CONSTRAINT_TYPE',
    changes: { intermediates: [extended(subtrees('excluded', otherName))], leaf: named(host, otherName) },
  },
  {
    name: 'nc-registered-id',
    reason: 'UNSUPPORTED_CONSTRAINT_TYPE',
    changes: {
      intermediates: [extended(subtrees('permitted', contextPrimitive(8, Buffer.from([0x2a, 3]))))],
      leaf: named(host, contextPrimitive(8, Buffer.from([0x2a, 4]))),
    },
  },
  {
    name: 'nc-maximum',
    reason: 'SUBTREE_MINMAX',
    changes: { intermediates: [extended(subtrees('permitted', sequence(host, contextPrimitive(1, Uint8Array.of(3)))))] },
  },
  {
    name: 'nc-uri-without-host',
    reason: 'UNSUPPORTED_NAME_SYNTAX',
    changes: { ...constrained({ excluded: { uri: 'bad.test' } }), leaf: named(host, uriName('urn:uuid:1')) },
  },
  {
    name: 'nc-short-address-block',
    reason: 'UNSUPPORTED_NAME_SYNTAX',
    changes: { intermediates: [extended(subtrees('excluded', contextPrimitive(7, Uint8Array.of(10, 0, 0, 0))))] },
  },
  {
    name: 'nc-mail-attribute-in-utf8',
    reason: 'UNSUPPORTED_NAME_SYNTAX',
    changes: {
      ...constrained({ excluded: { dns: 'bad.test' } }),
      leaf: (draft) => {
        draft.subject = sequence(element(0x31, sequence(objectIdentifier(oid.emailAddress), utf8String('a@b.test'))));
      },
    },
  },
  critical('unknown-critical-extension', { leaf: extended(unknownCritical) }),
  critical('critical-aia', {
    leaf: extended({
      oid: oid.authorityInfoAccess,
      critical: true,
      value: sequence(sequence(objectIdentifier(oid.accessOcsp), uriName('http://ocsp.test/'))),
    }),
  }),
  critical('intermediate-unknown-critical-extension', { intermediates: [extended(unknownCritical)] }),
  critical('root-unknown-critical-extension', { root: extended(unknownCritical) }),
  noCertSign('leaf-issued-by-leaf', { intermediates: [changes(endEntity, extended(keyUsage(['digitalSignature'])))] }),
  noCertSign('intermediate-no-keycertsign', { intermediates: [extended(keyUsage(['cRLSign']))] }),
  noCertSign('root-no-keycertsign', { root: extended(keyUsage(['cRLSign', 'digitalSignature'])) }),
  { name: 'leaf-rsa1024', reason: 'EE_KEY_TOO_SMALL', onNode22: 'accepted', changes: { leaf: withKey(() => rsaKey(1024)) } },
  { name: 'leaf-rsa512', reason: 'EE_KEY_TOO_SMALL', changes: { leaf: withKey(() => rsaKey(512)) }, versions: ['TLSv1.2'] },
  {
    name: 'intermediate-rsa1024',
    reason: 'CA_KEY_TOO_SMALL',
    onNode22: 'accepted',
    changes: { intermediates: [withKey(() => rsaKey(1024))] },
  },
  { name: 'root-rsa1024', reason: 'CA_KEY_TOO_SMALL', onNode22: 'accepted', changes: { root: withKey(() => rsaKey(1024)) } },
  {
    name: 'intermediate-p192',
    reason: 'CA_KEY_TOO_SMALL',
    onNode22: 'accepted',
    changes: {
      intermediates: [
        changes(
          withKey(() => generateKeyPairSync('ec', { namedCurve: 'prime192v1' }).privateKey),
          signsWith('sha256', '1.2.840.10045.4.3.2'),
        ),
      ],
    },
  },
  weakDigest('leaf-ecdsa-sha1', { intermediates: [ecdsaSha1] }),
  weakDigest('leaf-rsa-sha1', { intermediates: [rsaSha1] }),
  weakDigest('leaf-rsa-md5', {
    intermediates: [
      changes(
        withKey(() => rsaKey(2048)),
        signsWith('md5', '1.2.840.113549.1.1.4', [nullValue()]),
      ),
    ],
  }),
  weakDigest('intermediate-sha1', { root: ecdsaSha1 }),
  { name: 'leaf-ec-explicit-params', reason: 'EC_KEY_EXPLICIT_PARAMS', changes: { leaf: explicitCurve } },
  { name: 'root-ec-explicit-params', reason: 'EC_KEY_EXPLICIT_PARAMS', changes: { root: explicitCurve } },
  {
    name: 'crl-unknown-critical-extension',
    reason: 'UNHANDLED_CRITICAL_CRL_EXTENSION',
    changes: { crls: [nothing, (plan) => (plan.extensions = [...plan.extensions, unknownCritical])] },
  },
  {
    name: 'crl-entry-unknown-critical-extension',
    reason: 'UNHANDLED_CRITICAL_CRL_EXTENSION',
    changes: { crls: [nothing, (list) => (list.entries = [listEntry(unknownCritical)])] },
  },
  {
    name: 'crl-number-critical',
    reason: 'UNHANDLED_CRITICAL_CRL_EXTENSION',
    changes: {
      crls: [
        (plan) => (plan.extensions = plan.extensions.map((each) => (each.oid === oid.crlNumber ? { ...each, critical: true } : each))),
      ],
    },
  },
  {
    name: 'crl-issuer-missing-crlsign',
    reason: 'KEYUSAGE_NO_CRL_SIGN',
    changes: { intermediates: [extended(keyUsage(['keyCertSign']))], crls: [] },
  },
];

function violated(
  name: string,
  kind: 'PERMITTED' | 'EXCLUDED',
  above: Pick<ChainChanges, 'root' | 'intermediates'>,
  leaf?: Change,
): HiddenCase {
  return { name, reason: `${kind}_VIOLATION`, changes: { ...above, ...(leaf && { leaf }) } };
}

function critical(name: string, where: ChainChanges): HiddenCase {
  return { name, reason: 'UNHANDLED_CRITICAL_EXTENSION', changes: where };
}

function noCertSign(name: string, where: ChainChanges): HiddenCase {
  return { name, reason: 'KEYUSAGE_NO_CERTSIGN', changes: where };
}

function weakDigest(name: string, where: ChainChanges): HiddenCase {
  return { name, reason: 'CA_MD_TOO_WEAK', changes: where };
}

function endEntity(draft: Parameters<Change>[0]): void {
  draft.extensions = draft.extensions.map((each) =>
    each.oid === oid.basicConstraints ? { ...each, value: sequence(boolean(false)) } : each,
  );
}

function nothing(): void {
  // as it should be
}
