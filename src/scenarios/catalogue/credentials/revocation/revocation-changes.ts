import { type CredentialDraft, day, type Period, validityOf } from '../../../drafts/credential-draft.ts';
import type { RevocationListDraft } from '../../../drafts/revocation-list-draft.ts';
import type { Extension } from '../../../../x509/extensions.ts';
import type { Change } from '../../credential-definition.ts';

/** The judge checks a fresh, empty CRL of every CA in the chain: the issuing CA, one of the scenario's own, and the PKI's root. */
export function checked(draft: CredentialDraft): void {
  draft.crl(draft.intermediate);
  draft.crl(draft.pki.root);
}

/** Fields of a CRL that are replaced. */
interface RevocationListFields extends Partial<Pick<RevocationListDraft, 'nextUpdate' | 'signer'>> {
  /** From thisUpdate until nextUpdate; counts from the moment at which the CRL is made. */
  readonly validity?: Period;
  /** All of them, without the authorityKeyIdentifier. */
  readonly extensions?: readonly Extension[];
  /** Extensions that come after those. */
  readonly extend?: readonly Extension[];
}

/** How a CRL is changed: by fields that are replaced, or by a function where something is computed from what was there. */
type RevocationListEdit = RevocationListFields | ((list: RevocationListDraft, draft: CredentialDraft) => void);

/** Changes the CRL of the issuing CA. */
export function issuerList(edit: RevocationListEdit): Change {
  return (draft) => {
    for (const list of draft.crls ?? []) if (list.issuer === draft.intermediate) changeList(list, edit, draft);
  };
}

/** Changes the CRL of the root. */
export function rootList(edit: RevocationListEdit): Change {
  return (draft) => {
    for (const list of draft.crls ?? []) if (list.issuer === draft.pki.root) changeList(list, edit, draft);
  };
}

function changeList(list: RevocationListDraft, edit: RevocationListEdit, draft: CredentialDraft): void {
  if (typeof edit === 'function') {
    edit(list, draft);
    return;
  }
  const { validity, extensions = list.extensions, extend = [], ...fields } = edit;
  Object.assign(list, fields);
  if (validity) {
    const { notBefore, notAfter } = validityOf(validity);
    list.thisUpdate = notBefore;
    list.nextUpdate = notAfter;
  }
  list.extensions = [...extensions, ...extend];
}

/** The leaf is on the CRL of the issuing CA. */
export const listsLeaf: Change = issuerList((list, { leaf }) => {
  list.revoke(leaf);
});

/** The CRL of the issuing CA is four days old, and was to be replaced two days ago: farther off than clocks differ. */
export const outdated: Change = issuerList({ validity: { from: -4 * day, until: -2 * day } });

/** The judge has no CRL of the issuing CA. */
export const withoutIssuerList: Change = (draft) => {
  draft.crls = draft.crls?.filter(({ issuer }) => issuer !== draft.intermediate);
};

/** The judge has no CRL of the root. */
export const withoutRootList: Change = (draft) => {
  draft.crls = draft.crls?.filter(({ issuer }) => issuer !== draft.pki.root);
};
