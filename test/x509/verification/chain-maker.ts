import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { encodePem } from '../../../src/asn1/pem.ts';
import { bitString, contextConstructed, type Der, integer, sequence } from '../../../src/asn1/der-writer.ts';
import { createIdentity, type Identity } from '../../../src/pki/identity.ts';
import { encodeSpki } from '../../../src/pki/formats/key-encoding.ts';
import { encodeCertificate } from '../../../src/x509/certificate.ts';
import { encodeName } from '../../../src/x509/names/distinguished-name.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  encodeExtension,
  type Extension,
  extendedKeyUsage,
  keyIdentifier,
  keyUsage,
  subjectAltName,
  subjectKeyIdentifier,
} from '../../../src/x509/extensions.ts';
import { dnsName, ipName } from '../../../src/x509/names/general-name.ts';
import { crlNumber, encodeRevocationList, type RevocationListPlan } from '../../../src/x509/revocation/revocation-list.ts';
import { type Signer, signerFor } from '../../../src/x509/signature.ts';
import { encodeTime } from '../../../src/x509/validity.ts';

/** A certificate before it is signed, for a test to change. */
interface Draft {
  subject: Der;
  serialNumber: bigint;
  key: KeyObject;
  /** Where it is not the key's. */
  spki: Der | undefined;
  notBefore: Date;
  notAfter: Date;
  extensions: Extension[];
  /** How this certificate signs what is below it, where it is not its key's usual way. */
  signer: Signer | undefined;
}

export type Change = (draft: Draft) => void;

/** A CRL before it is signed, for a test to change. */
type ListDraft = { -readonly [K in keyof RevocationListPlan]: RevocationListPlan[K] } & {
  /** DER of entries in place of the usual ones. */
  entries?: readonly Der[];
};

/** The certificates of a chain and what a test may change in each. */
export interface ChainChanges {
  readonly root?: Change;
  /** One for each intermediate, the uppermost first; default: one intermediate as it should be. */
  readonly intermediates?: readonly Change[];
  readonly leaf?: Change;
  /** Of the root first, then of each intermediate; no CRLs where absent. */
  readonly crls?: readonly ((list: ListDraft) => void)[];
}

/** A chain that a peer presents, and the anchors of its judge. */
export interface MadeChain {
  readonly role: 'client' | 'server';
  /** The leaf first, without the root. */
  readonly chain: readonly Uint8Array[];
  readonly anchors: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[] | undefined;
  readonly identity: Identity;
}

/** A chain for one role, right in all but what is changed. */
export function makeChain(role: 'client' | 'server', { root, intermediates = [unchanged], leaf, crls }: ChainChanges = {}): MadeChain {
  const authorities: Issued[] = [issue(authorityDraft('root CA', 0), root)];
  for (const [index, change] of intermediates.entries())
    authorities.push(issue(authorityDraft(`issuing CA ${index + 1}`, index + 1), change, authorities.at(-1)));
  const issued = issue(leafDraft(role), leaf, authorities.at(-1));
  const [anchor, ...others] = authorities;
  const anchors = anchor ? [anchor.der] : [];
  const chain = [issued.der, ...others.toReversed().map(({ der }) => der)];
  return {
    role,
    chain,
    anchors,
    crls: crls && authorities.map((authority, index) => revocationList(authority, crls[index])),
    identity: createIdentity({
      certificate: issued.der,
      key: issued.draft.key,
      chain: chain.slice(1),
      anchors: pemOf(anchors),
    }),
  };
}

/** Puts an extension in the place of the one with its identifier, or at the end. */
export function extended(extension: Extension): Change {
  return (draft) => {
    draft.extensions = [...draft.extensions.filter(({ oid }) => oid !== extension.oid), extension];
  };
}

export function changes(...all: readonly Change[]): Change {
  return (draft) => {
    for (const change of all) change(draft);
  };
}

export function pemOf(certificates: readonly Uint8Array[]): string {
  return certificates.map((der) => encodePem('CERTIFICATE', der)).join('');
}

export function crlPem(lists: readonly Uint8Array[]): string[] {
  return lists.map((der) => encodePem('X509 CRL', der));
}

interface Issued {
  readonly draft: Draft;
  readonly der: Uint8Array;
}

function issue(draft: Draft, change: Change | undefined, issuer?: Issued): Issued {
  change?.(draft);
  const above = issuer?.draft ?? draft;
  const signer = above.signer ?? signerFor(above.key);
  const plan = {
    version: 3,
    serialNumber: draft.serialNumber,
    issuer: above.subject,
    validity: { notBefore: draft.notBefore, notAfter: draft.notAfter },
    subject: draft.subject,
    spki: spkiOf(draft),
    extensions: [
      ...draft.extensions,
      subjectKeyIdentifier(keyIdentifier(spkiOf(draft))),
      authorityKeyIdentifier(keyIdentifier(spkiOf(above))),
    ],
  };
  return { draft, der: encodeCertificate(plan, signer) };
}

function revocationList({ draft }: Issued, change: ((list: ListDraft) => void) | undefined): Uint8Array {
  const plan: ListDraft = {
    issuer: draft.subject,
    thisUpdate: new Date(now - hour),
    nextUpdate: new Date(now + hour),
    revoked: [],
    extensions: [authorityKeyIdentifier(keyIdentifier(spkiOf(draft))), crlNumber(1)],
  };
  change?.(plan);
  const signer = draft.signer ?? signerFor(draft.key);
  if (!plan.entries) return encodeRevocationList(plan, signer);
  const tbs = sequence(
    integer(1),
    signer.algorithm,
    plan.issuer,
    encodeTime(plan.thisUpdate),
    sequence(...plan.entries),
    contextConstructed(0, sequence(...plan.extensions.map(encodeExtension))),
  );
  return sequence(tbs, signer.algorithm, bitString(signer.sign(tbs)));
}

function authorityDraft(name: string, index: number): Draft {
  return {
    subject: encodeName([
      { type: 'organization', value: 'mtls-fixtures' },
      { type: 'commonName', value: name },
    ]),
    serialNumber: BigInt(0x1000 + index),
    key: authorityKeys[index] ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    spki: undefined,
    notBefore: new Date(now - hour),
    notAfter: new Date(now + hour),
    extensions: [basicConstraints({ ca: true }), keyUsage(['keyCertSign', 'cRLSign'])],
    signer: undefined,
  };
}

function leafDraft(role: 'client' | 'server'): Draft {
  return {
    subject: encodeName([
      { type: 'organization', value: 'mtls-fixtures' },
      { type: 'commonName', value: role === 'client' ? 'alice' : 'localhost' },
    ]),
    serialNumber: 0x2000n,
    key: leafKey,
    spki: undefined,
    notBefore: new Date(now - hour),
    notAfter: new Date(now + hour),
    extensions: [
      basicConstraints({ ca: false }),
      keyUsage(['digitalSignature']),
      extendedKeyUsage([role === 'client' ? 'clientAuth' : 'serverAuth']),
      subjectAltName([dnsName('localhost'), ipName('127.0.0.1')], false),
    ],
    signer: undefined,
  };
}

function spkiOf({ spki, key }: Draft): Der {
  return spki ?? encodeSpki(key);
}

function unchanged(): void {
  // as it should be
}

const now = Math.floor(Date.now() / 1000) * 1000;
const hour = 3_600_000;
const authorityKeys = [0, 1].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const leafKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
