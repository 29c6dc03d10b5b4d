import { generateKey } from '../../../../pki/key-algorithm.ts';
import { CertificateDraft, type Issuer } from '../../../drafts/certificate-draft.ts';
import type { CredentialDraft, Presented } from '../../../drafts/credential-draft.ts';
import { type CertificateEdit, changeCertificate } from '../../changes.ts';
import type { Change } from '../../credential-definition.ts';

/** The leaf is issued by a CA of the scenario's own, which its root has issued. */
export function ownIssuer(draft: CredentialDraft): void {
  draft.leaf.issuedBy = draft.intermediate;
}

/** There is a second CA, between the one that issues the leaf and the root. */
export function upperCa(draft: CredentialDraft): void {
  draft.intermediate.issuedBy = draft.authority('scenario upper CA', draft.pki.root);
}

/** Changes the CA that issues the CA that issues the leaf. */
export function upper(edit: CertificateEdit): Change {
  return (draft) => {
    const { issuedBy } = draft.intermediate;
    if (!(issuedBy instanceof CertificateDraft)) throw new TypeError('Cannot change an upper CA: there is none; make it in `valid`');
    changeCertificate(issuedBy, edit, draft);
  };
}

/** The trust anchor is one of the scenario's own. */
export function ownAnchor(draft: CredentialDraft): void {
  draft.intermediate.issuedBy = draft.root;
}

/** The leaf is issued by the root of the PKI. */
export function issuedByRoot({ leaf: it, pki }: CredentialDraft): void {
  it.issuedBy = pki.root;
}

/** A root that is not trusted. */
export function untrustedRoot(draft: CredentialDraft): CertificateDraft {
  return draft.authority('untrusted CA', undefined);
}

/** A number of CAs between the root and the leaf. */
export function chainOf(count: number): Change {
  return chainBelow(({ pki }) => pki.root, count);
}

/** A number of CAs between a root and the leaf, all with one key: a hundred keys would take longer than the handshake. */
export function chainBelow(top: (draft: CredentialDraft) => Issuer, count: number): Change {
  return (draft) => {
    const key = generateKey('ec-p256');
    let above = top(draft);
    for (let number = 1; number <= count; number += 1) {
      above = draft.authority(`scenario CA ${number}`, above);
      above.key = key;
    }
    draft.leaf.issuedBy = above;
  };
}

/** These certificates are sent. */
export function sent(choose: (usual: Presented, draft: CredentialDraft) => readonly Uint8Array[]): Change {
  return (draft) => {
    draft.present = (usual) => choose(usual, draft);
  };
}

/** The leaf is sent without its issuers. Where the sender trusts its issuer, OpenSSL adds it. */
export const leafSent: Change = sent(({ leaf }) => [leaf]);

/** The root is sent too, at the end. */
export const rootSent: Change = sent(({ leaf, issuers }, draft) => [leaf, ...issuers, certificateOf(rootOf(draft.leaf))]);

/** Another certificate for the name and key of a CA. */
export function anotherOf(draft: CredentialDraft, ca: CertificateDraft, issuedBy: Issuer | undefined): CertificateDraft {
  const another = draft.authority('', issuedBy);
  another.subject = ca.subject;
  another.key = ca.key;
  return another;
}

function certificateOf(issuer: Issuer): Uint8Array {
  return issuer instanceof CertificateDraft ? issuer.certificate : issuer.certificate.raw;
}

function rootOf(issuer: Issuer): Issuer {
  const above = issuer instanceof CertificateDraft ? issuer.issuedBy : issuer.parent;
  return above ? rootOf(above) : issuer;
}
