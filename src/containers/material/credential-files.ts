import type { Identity } from '../../pki/identity.ts';
import type { ArchivedFile, Owner } from './archive.ts';

/** Where a container finds its credential; absolute paths inside it. */
export interface CredentialPaths {
  /** PEM: the leaf, then its intermediates. */
  readonly certificate: string;
  /** PKCS#8 PEM. */
  readonly key: string;
  /** PEM of the anchors whose clients are accepted. */
  readonly trustAnchors: string;
  /** PEM of the CRLs; only present where they were requested. */
  readonly revocationLists: string;
}

/** The files are named as those of a Kubernetes TLS secret. */
export function credentialPaths(directory: string): CredentialPaths {
  return {
    certificate: `${directory}/tls.crt`,
    key: `${directory}/tls.key`,
    trustAnchors: `${directory}/ca.crt`,
    revocationLists: `${directory}/ca.crl`,
  };
}

/** The files of a credential: the key readable by its owner only. */
export function credentialFiles(
  paths: CredentialPaths,
  contents: { readonly identity: Identity; readonly trust: string; readonly crl: string | undefined; readonly owner: Owner },
): ArchivedFile[] {
  const { identity, trust, crl, owner } = contents;
  const file = (path: string, content: string, mode: number): ArchivedFile => ({ path: path.replace(/^\//u, ''), content, mode, owner });
  return [
    file(paths.certificate, identity.chainPem, 0o644),
    file(paths.key, identity.keyPem, 0o600),
    file(paths.trustAnchors, trust, 0o644),
    ...(crl === undefined ? [] : [file(paths.revocationLists, crl, 0o644)]),
  ];
}
