import { type CredentialDraft, day, fromNow } from '../../../drafts/credential-draft.ts';
import type { RevocationListDraft } from '../../../drafts/revocation-list-draft.ts';
import type { Change } from '../../credential-definition.ts';

/** The judge checks a fresh, empty CRL of every CA in the chain: the issuing CA, one of the scenario's own, and the PKI's root. */
export function checked(draft: CredentialDraft): void {
  draft.crl(draft.intermediate);
  draft.crl(draft.pki.root);
}

/** Changes the CRL of the issuing CA. */
export function issuerList(edit: (list: RevocationListDraft, draft: CredentialDraft) => void): Change {
  return (draft) => {
    for (const list of draft.crls ?? []) if (list.issuer === draft.intermediate) edit(list, draft);
  };
}

/** Changes the CRL of the root. */
export function rootList(edit: (list: RevocationListDraft, draft: CredentialDraft) => void): Change {
  return (draft) => {
    for (const list of draft.crls ?? []) if (list.issuer === draft.pki.root) edit(list, draft);
  };
}

/** The leaf is on the CRL of the issuing CA. */
export const listsLeaf: Change = issuerList((list, { leaf }) => {
  list.revoke(leaf);
});

/** The CRL of the issuing CA is four days old, and was to be replaced two days ago: farther off than clocks differ. */
export const outdated: Change = issuerList((list) => {
  list.thisUpdate = fromNow(-4 * day);
  list.nextUpdate = fromNow(-2 * day);
});

/** The judge has no CRL of the issuing CA. */
export const withoutIssuerList: Change = (draft) => {
  draft.crls = draft.crls?.filter(({ issuer }) => issuer !== draft.intermediate);
};

/** The judge has no CRL of the root. */
export const withoutRootList: Change = (draft) => {
  draft.crls = draft.crls?.filter(({ issuer }) => issuer !== draft.pki.root);
};
