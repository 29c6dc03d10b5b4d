import type { KeyObject } from 'node:crypto';
import type { Extension } from '../../x509/extensions.ts';
import type { CertificateDraft } from '../drafts/certificate-draft.ts';
import { type CredentialDraft, type Period, validityOf } from '../drafts/credential-draft.ts';
import type { Change } from './credential-definition.ts';

/** Fields of a certificate that are replaced. */
export interface CertificateFields extends Partial<Pick<CertificateDraft, ReplaceableField>> {
  /** Counts from the moment at which the certificate is minted. */
  readonly validity?: Period;
  /** Makes the key: each credential has a new one, and some kinds take long. */
  readonly key?: () => KeyObject;
  /** Makes the SubjectPublicKeyInfo, where it is not that of the key. */
  readonly spki?: () => Uint8Array;
  /** All of them, without the key identifiers. */
  readonly extensions?: readonly Extension[];
  /** Extensions in the place of those with their identifiers, or at the end. */
  readonly extend?: readonly Extension[];
  /** Object identifiers of extensions that are left out. */
  readonly omit?: readonly string[];
}

type ReplaceableField =
  | 'version'
  | 'serialNumber'
  | 'subject'
  | 'issuedBy'
  | 'issuer'
  | 'subjectKeyIdentifier'
  | 'authorityKeyIdentifier'
  | 'signer'
  | 'fields'
  | 'signed'
  | 'octets';

/** How a certificate is changed: by fields that are replaced, or by a function where something is computed from what was there. */
export type CertificateEdit = CertificateFields | ((certificate: CertificateDraft, draft: CredentialDraft) => void);

/** Changes the leaf. */
export function leaf(edit: CertificateEdit): Change {
  return (draft) => changeCertificate(draft.leaf, edit, draft);
}

/** Changes the CA that issues the leaf, one of the scenario's own. */
export function intermediate(edit: CertificateEdit): Change {
  return (draft) => changeCertificate(draft.intermediate, edit, draft);
}

/** Changes the trust anchor, one of the scenario's own. */
export function root(edit: CertificateEdit): Change {
  return (draft) => changeCertificate(draft.root, edit, draft);
}

/** Changes one certificate of a draft. */
export function changeCertificate(certificate: CertificateDraft, edit: CertificateEdit, draft: CredentialDraft): void {
  if (typeof edit === 'function') {
    edit(certificate, draft);
    return;
  }
  const { validity, key, spki, extensions, extend = [], omit = [], ...fields } = edit;
  Object.assign(certificate, fields);
  if (validity) certificate.validity = validityOf(validity);
  if (key) certificate.key = key();
  if (spki) certificate.spki = spki();
  if (extensions) certificate.extensions = [...extensions];
  for (const oid of omit) certificate.omit(oid);
  for (const extension of extend) certificate.extend(extension);
}

/** One change after another. */
export function all(...changes: readonly Change[]): Change {
  return (draft) => {
    for (const change of changes) change(draft);
  };
}

/** None: the credential is as it was. */
export function unchanged(): void {
  // what `valid` prepared, or a valid credential as it is
}

/** Node.js refuses to load it: it goes into the Certificate message on the wire. */
export function onTheWire(draft: CredentialDraft): void {
  draft.onTheWire = true;
}
