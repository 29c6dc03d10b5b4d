import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readDer } from '../../../src/asn1/der-reader.ts';
import {
  boolean,
  contextConstructed,
  contextPrimitive,
  type Der,
  element,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  utf8String,
} from '../../../src/asn1/der-writer.ts';
import { encodeSpki } from '../../../src/pki/formats/key-encoding.ts';
import { encodeName, type Subject } from '../../../src/x509/names/distinguished-name.ts';
import { encodeExtension, type Extension, keyUsage, subjectAltName } from '../../../src/x509/extensions.ts';
import { dnsName, emailName, ipName, uriName } from '../../../src/x509/names/general-name.ts';
import { type NameConstraints, nameConstraints } from '../../../src/x509/names/name-constraints.ts';
import { oid } from '../../../src/x509/object-identifiers.ts';
import type { Signer } from '../../../src/x509/signature.ts';
import { encodeTime } from '../../../src/x509/validity.ts';
import { type Change, type ChainChanges, changes, extended } from './chain-maker.ts';

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

/** X509_V_ERR_* by name. */
export const verifyCodes: Readonly<Record<string, number>> = {
  KEYUSAGE_NO_CERTSIGN: 32,
  UNHANDLED_CRITICAL_EXTENSION: 34,
  KEYUSAGE_NO_CRL_SIGN: 35,
  UNHANDLED_CRITICAL_CRL_EXTENSION: 36,
  PERMITTED_VIOLATION: 47,
  EXCLUDED_VIOLATION: 48,
  SUBTREE_MINMAX: 49,
  UNSUPPORTED_CONSTRAINT_TYPE: 51,
  UNSUPPORTED_NAME_SYNTAX: 53,
  EE_KEY_TOO_SMALL: 66,
  CA_KEY_TOO_SMALL: 67,
  CA_MD_TOO_WEAK: 68,
  EC_KEY_EXPLICIT_PARAMS: 94,
};

/** Name constraints of the CA that issues the leaf. */
export function constrained(constraints: NameConstraints): Pick<ChainChanges, 'intermediates'> {
  return { intermediates: [extended(nameConstraints(constraints))] };
}

/** The alternative names of a leaf. */
export function named(...names: readonly Der[]): Change {
  return extended(subjectAltName(names, false));
}

/** A subject, and no alternative names. */
export function subjectOnly(subject: Subject): Change {
  return changes(called(subject), (draft) => {
    draft.extensions = draft.extensions.filter((extension) => extension.oid !== oid.subjectAltName);
  });
}

export function called(subject: Subject): Change {
  return (draft) => {
    draft.subject = encodeName(subject);
  };
}

/** Name constraints as they are written by hand: GeneralNames, or whole subtrees. */
export function subtrees(kind: 'permitted' | 'excluded', ...trees: readonly Der[]): Extension {
  return {
    oid: oid.nameConstraints,
    critical: true,
    value: sequence(contextConstructed(kind === 'permitted' ? 0 : 1, ...trees.map((tree) => (tree[0] === 0x30 ? tree : sequence(tree))))),
  };
}

export const unknownCritical: Extension = { oid: '1.3.6.1.4.1.99999.1', critical: true, value: nullValue() };

/** Keys are made when they are first needed: RSA takes its time. */
export function rsaKey(modulusLength: number): KeyObject {
  let key = rsaKeys.get(modulusLength);
  if (!key) {
    key = generateKeyPairSync('rsa', { modulusLength }).privateKey;
    rsaKeys.set(modulusLength, key);
  }
  return key;
}

const rsaKeys = new Map<number, KeyObject>();

export function withKey(make: () => KeyObject): Change {
  return (draft) => {
    draft.key = make();
  };
}

/** Signs what is below with another digest than usual. */
function signsWith(digest: string, identifier: string, parameters: readonly Der[] = []): Change {
  return (draft) => {
    const { key } = draft;
    const signer: Signer = {
      algorithm: sequence(objectIdentifier(identifier), ...parameters),
      sign: (data) => sign(digest, data, key),
    };
    draft.signer = signer;
  };
}

const rsaSha1: Change = changes(
  withKey(() => rsaKey(2048)),
  signsWith('sha1', '1.2.840.113549.1.1.5', [nullValue()]),
);

export const ecdsaSha1: Change = signsWith('sha1', '1.2.840.10045.4.1');

/** The P-256 key with all numbers of its curve (RFC 3279 2.3.5). */
export const explicitCurve: Change = (draft) => {
  const point = readDer(encodeSpki(draft.key), 'key').children[1]?.bytes ?? new Uint8Array(0);
  const prime = BigInt('0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff');
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
  const parameters = sequence(
    integer(1),
    sequence(objectIdentifier('1.2.840.10045.1.1'), integer(prime)),
    sequence(
      octetString(Buffer.from('ffffffff00000001000000000000000000000000fffffffffffffffffffffffc', 'hex')),
      octetString(Buffer.from('5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b', 'hex')),
    ),
    octetString(
      Buffer.from(
        '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
        'hex',
      ),
    ),
    integer(order),
    integer(1),
  );
  draft.spki = sequence(sequence(objectIdentifier('1.2.840.10045.2.1'), parameters), point);
};

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

/** An entry of a CRL, about another certificate. */
export function listEntry(...extensions: readonly Extension[]): Der {
  return sequence(integer(1), encodeTime(new Date(0)), sequence(...extensions.map(encodeExtension)));
}

/** Several defects: the reason is the last that OpenSSL comes to. */
export const combinedCases: readonly HiddenCase[] = [
  {
    name: 'constraints of the root and of the intermediate: those of the nearest issuer',
    reason: 'EXCLUDED_VIOLATION',
    changes: { root: extended(nameConstraints({ permitted: { dns: 'other.test' } })), ...constrained({ excluded: { dns: 'localhost' } }) },
  },
  {
    name: 'names of the leaf and of the intermediate: those of the leaf',
    reason: 'EXCLUDED_VIOLATION',
    changes: {
      root: extended(nameConstraints({ permitted: { directory: [{ locality: 'Berlin' }] }, excluded: { dns: 'localhost' } })),
      leaf: called({ locality: 'Berlin', commonName: 'alice' }),
    },
  },
  {
    name: 'a critical extension and a name: the name',
    reason: 'PERMITTED_VIOLATION',
    changes: { ...constrained({ permitted: { dns: 'other.test' } }), leaf: extended(unknownCritical) },
  },
  {
    name: 'a critical extension and a small key of the leaf: the extension',
    reason: 'UNHANDLED_CRITICAL_EXTENSION',
    changes: { root: extended(unknownCritical), leaf: withKey(() => rsaKey(1024)) },
  },
  {
    name: 'a critical extension and a weak digest: the digest',
    reason: 'CA_MD_TOO_WEAK',
    changes: { intermediates: [ecdsaSha1], leaf: extended(unknownCritical) },
  },
  {
    name: 'a critical extension and the curve of one certificate: the curve',
    reason: 'EC_KEY_EXPLICIT_PARAMS',
    changes: { leaf: changes(explicitCurve, extended(unknownCritical)) },
  },
  {
    name: 'a small key of the root and a weak digest below: the key',
    reason: 'CA_KEY_TOO_SMALL',
    onNode22: 'CA_MD_TOO_WEAK',
    changes: { root: withKey(() => rsaKey(1024)), intermediates: [ecdsaSha1] },
  },
  {
    name: 'a weak digest and a CA that may not sign: the CA',
    reason: 'KEYUSAGE_NO_CERTSIGN',
    changes: { intermediates: [changes(ecdsaSha1, extended(keyUsage(['digitalSignature'])))] },
  },
  {
    name: 'a CA that may not sign and a name: the name',
    reason: 'PERMITTED_VIOLATION',
    changes: {
      root: extended(nameConstraints({ permitted: { dns: 'other.test' } })),
      intermediates: [extended(keyUsage(['digitalSignature']))],
    },
  },
  {
    name: 'the curve of the leaf and a critical extension of the root: that of the root',
    reason: 'UNHANDLED_CRITICAL_EXTENSION',
    changes: { root: extended(unknownCritical), leaf: explicitCurve },
  },
  {
    name: 'a CRL and a weak digest: the CRL',
    reason: 'KEYUSAGE_NO_CRL_SIGN',
    changes: { intermediates: [changes(ecdsaSha1, extended(keyUsage(['keyCertSign'])))], crls: [] },
  },
  {
    name: 'two CRLs: that of the root',
    reason: 'UNHANDLED_CRITICAL_CRL_EXTENSION',
    changes: {
      intermediates: [extended(keyUsage(['keyCertSign']))],
      crls: [(plan) => (plan.extensions = [...plan.extensions, unknownCritical])],
    },
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
