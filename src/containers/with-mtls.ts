import type { GenericContainer } from 'testcontainers';
import { invalidOption } from '../errors/index.ts';
import { anchorsPem, crlList, type RevocationLists, type Trust } from '../handshake/server/trust.ts';
import { requireIdentity, requireOptions, textList } from '../options/checks.ts';
import { type OptionSchema, requireOptionsOf } from '../options/schema.ts';
import type { Identity } from '../pki/identity.ts';
import type { LeafOptions } from '../pki/leaf-options.ts';
import { Pki } from '../pki/pki.ts';
import { namesByForm, namesOf } from './material/container-names.ts';
import { type CredentialPaths, credentialFiles, credentialPaths } from './material/credential-files.ts';
import { findEngine } from './engine/engine.ts';
import { guardedStart } from './engine/guarded-start.ts';
import { type ArchivedFile, type Owner, tarOf } from './material/archive.ts';

/** How a container is given its credential. */
export interface WithMtlsOptions {
  /** Where the files go; absolute. Default `/mtls`: `tls.crt`, `tls.key`, `ca.crt`, `ca.crl`. */
  readonly directory?: string;
  /** Numbers of the user and group that the service runs as: they own the files, and no other user can read the key (0600). Default: root. */
  readonly owner?: Owner;
  /** More names or addresses for the certificate. */
  readonly names?: string | readonly string[];
  /** More for the certificate; names given here replace the container's. */
  readonly leaf?: LeafOptions;
  /** What to present instead of an identity minted for this container. */
  readonly identity?: Identity;
  /** The authorities whose clients are accepted; PEM. Default: the PKI's anchors. */
  readonly trust?: Trust;
  /** `true`: a CRL of each authority of the PKI; or PEM. Default: none. */
  readonly crl?: boolean | RevocationLists;
}

/** What a container was given. */
export interface ContainerCredential {
  readonly identity: Identity;
  readonly paths: CredentialPaths;
}

/**
 * Mints a server's identity for a container that has not started and has it copied there, with owner and mode: the names are those of the engine's host,
 * the container's network aliases and host name (set before), `host.docker.internal`, `host.testcontainers.internal` and localhost, as far as the PKI permits them. Resolves to the same container, with what it
 * was given as `mtls`. Nothing is written to the disk of this machine. Throws `NO_CONTAINER_ENGINE`, `OPTION_INVALID`.
 */
export async function withMtls<Container extends GenericContainer>(
  container: Container,
  pki: Pki,
  options: WithMtlsOptions = {},
): Promise<Container & { readonly mtls: ContainerCredential }> {
  requireCredentialOptions(pki, options);
  const { directory = '/mtls', owner = { uid: 0, gid: 0 }, names, leaf, identity: given, trust = pki.anchors, crl } = options;
  const identity =
    given ??
    pki.server({ ...namesOf(container, await findEngine(), { more: textList('names', names), permitted: pki.permitted }), ...leaf });
  const paths = credentialPaths(directory);
  await copyInto(
    container,
    credentialFiles(paths, { identity, trust: anchorsPem(trust, () => 'the container'), crl: revocationLists(pki, crl), owner }),
  );
  // Testcontainers reuses by how a container is created, not by what is copied into it: the label prevents the reuse of one with an older credential.
  container.withLabels({ 'mtls-fixtures.certificate': identity.certificate.fingerprint256 });
  const start = container.start.bind(container);
  return Object.assign(container, { mtls: { identity, paths }, start: () => guardedStart(container, start) });
}

/** Has files copied into a container when it starts. */
export async function copyInto(container: GenericContainer, files: readonly ArchivedFile[]): Promise<void> {
  container.withCopyArchivesToContainer([{ tar: await tarOf(files), target: '/' }]);
}

/** One PEM text with all CRLs that are asked for; undefined where none are. */
export function revocationLists(pki: Pki, crl: WithMtlsOptions['crl']): string | undefined {
  if (crl === undefined || crl === false) return undefined;
  return crlList(crl === true ? pki.crls() : crl).join('');
}

/** Refuses what {@link withMtls} cannot be given, names and fields of the certificate included: before an engine is looked for. */
export function requireCredentialOptions(pki: Pki, options: WithMtlsOptions): void {
  if (!(pki instanceof Pki)) throw invalidOption('pki', typeof pki, 'a Pki, of createPki() or restorePki()');
  requireOptionsOf(withMtlsSchema, options);
  const { identity, names, leaf } = options;
  if (names === undefined && leaf === undefined) return;
  if (identity !== undefined) throw invalidOption('identity', 'beside names or leaf', 'one or the other');
  pki.server({ ...namesByForm(textList('names', names)), ...leaf }); // throws as the one for the container would
}

/** Options of {@link withMtls}. */
export const withMtlsSchema = {
  what: 'withMtls option',
  own: {
    directory: requireDirectory,
    owner: requireOwner,
    names: requireTextList,
    leaf: requireOptions,
    identity: requireIdentity,
    trust: requireTrust,
    crl: requireCrl,
  },
} satisfies OptionSchema;

function requireTextList(option: string, value: unknown): void {
  textList(option, value as string | readonly string[]); // refuses all else
}

function requireTrust(_option: string, value: unknown): void {
  anchorsPem(value as Trust, () => 'the container'); // refuses all else
}

function requireCrl(_option: string, value: unknown): void {
  if (typeof value !== 'boolean') crlList(value as RevocationLists); // refuses all else
}

function requireDirectory(option: string, value: unknown): void {
  if (typeof value !== 'string' || !/^\/[^\0]{0,80}[^/\0]$/u.test(value))
    throw invalidOption(option, value, 'an absolute path of at most 80 letters');
}

function requireOwner(option: string, value: unknown): void {
  const { uid, gid } = Object(value) as Partial<Owner>; // null and text have none
  if (![uid, gid].every(isId)) throw invalidOption(option, JSON.stringify(value), '{ uid, gid }, numbers below 2^21');
}

function isId(id: unknown): boolean {
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < 2 ** 21;
}
