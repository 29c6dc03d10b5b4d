import type { Identity } from '../../../pki/identity.ts';
import { certificateFields } from '../../../x509/certificate-fields.ts';
import { subjectAltName } from '../../../x509/extensions.ts';
import { inspectCertificate } from '../../../x509/inspect-certificate.ts';
import { uriName } from '../../../x509/names/general-name.ts';
import { CredentialDraft } from '../../drafts/credential-draft.ts';
import { type CertificateEdit, leaf } from '../changes.ts';
import { userPrincipalName } from '../credentials/names/names.ts';
import type { ForwardedSetup } from './forwarded-setup.ts';

/** A client with the names of the authorized peer, whose certificate is changed. */
export function likeAuthorized({ pki, authorized, authorizes }: ForwardedSetup, edit: CertificateEdit): Identity {
  const draft = new CredentialDraft('client', pki);
  const { raw } = authorized.certificate;
  const names = [
    ...inspectCertificate(raw).altNames.uri.map(uriName),
    ...(authorizes.userPrincipalName === undefined ? [] : [userPrincipalName(authorizes.userPrincipalName)]),
  ];
  draft.leaf.subject = certificateFields(raw).subject;
  if (names.length > 0) draft.leaf.extend(subjectAltName(names, false));
  leaf(edit)(draft);
  return draft.arrange().identity;
}
