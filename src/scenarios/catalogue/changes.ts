import type { CertificateDraft } from '../drafts/certificate-draft.ts';
import type { CredentialDraft } from '../drafts/credential-draft.ts';
import type { Change } from './credential-definition.ts';

/** Changes the leaf. */
export function leaf(edit: (leaf: CertificateDraft) => void): Change {
  return (draft) => {
    edit(draft.leaf);
  };
}

/** Changes the CA that issues the leaf, one of the scenario's own. */
export function intermediate(edit: (intermediate: CertificateDraft) => void): Change {
  return (draft) => {
    edit(draft.intermediate);
  };
}

/** Changes the trust anchor, one of the scenario's own. */
export function root(edit: (root: CertificateDraft) => void): Change {
  return (draft) => {
    edit(draft.root);
  };
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
