import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { invalidOption, readError } from '../errors/index.ts';
import { anchorsPem } from '../handshake/server/trust.ts';
import { requireOptionsOf } from '../options/schema.ts';
import { Identity } from '../pki/identity.ts';
import type { LeafOptions } from '../pki/leaf-options.ts';
import { createPki, Pki } from '../pki/pki.ts';
import type { StartedTestContainer } from 'testcontainers';
import { type ClientTls, type ContainerAttempt, waitForMtls } from './mtls-wait.ts';
import { guardedStart } from './engine/guarded-start.ts';
import { AbstractStartedContainer, GenericContainer } from './engine/testcontainers.ts';
import {
  type ContainerCredential,
  copyInto,
  requireCredentialOptions,
  revocationLists,
  withMtls,
  type WithMtlsOptions,
  withMtlsSchema,
} from './with-mtls.ts';
import type { ArchivedFile, Owner } from './material/archive.ts';

/** What a service's wrapper knows of its images. */
export interface MtlsService {
  /** The port that speaks TLS. */
  readonly port: number;
  /** The owner of the key: user and group of the usual public image. */
  readonly owner: Owner;
  /** Where images number their users differently: the user's name, and the entrypoint that is run after the files have been given to it. Only for images that start as root. */
  readonly user?: { readonly name: string; readonly entrypoint: readonly string[] };
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Configuration to copy: path inside the container by file name in `fixtures/containers/<folder>`. */
  readonly folder: string;
  readonly files: Readonly<Record<string, string>>;
  /** The valid client's common name. */
  readonly clientName: string;
  /** More for the valid client's certificate, where the service reads other names. */
  readonly clientLeaf?: LeafOptions;
  /** More for the service's own certificate, unless an identity is given. */
  readonly serverLeaf?: LeafOptions;
  /** Why the service cannot check CRLs, where it cannot: asking for them then is an error. */
  readonly withoutCrl?: string;
  readonly attempt: ContainerAttempt;
}

/** What every wrapper of a service has in common: whose clients are accepted, and with which credential the service is started. */
export abstract class MtlsContainer<Started extends StartedTestContainer> extends GenericContainer {
  #pki: Pki | undefined;
  #options: WithMtlsOptions = {};
  #credential: ContainerCredential | undefined;

  /** The PKI that issues the service's certificate, and whose clients are accepted. Default: a new one for this container. */
  withPki(pki: Pki): this {
    if (!(pki instanceof Pki)) throw invalidOption('pki', typeof pki, 'a Pki');
    this.#pki = pki;
    return this;
  }

  /** Trust anchors instead of the PKI's, CRLs, more names for the certificate, another identity, another owner of the files. */
  withCredential(options: Omit<WithMtlsOptions, 'directory'>): this {
    requireOptionsOf(credentialSchema, options);
    this.#options = { ...this.#options, ...options };
    return this;
  }

  /** Starts the container and waits until a valid client was accepted and one without certificate was not. A container that fails is removed. */
  override async start(): Promise<Started> {
    this.#pki ??= createPki();
    requireCredentialOptions(this.#pki, this.#options);
    this.#requireCrlSupport();
    const started = await guardedStart(this, () => super.start());
    return this.started(started, this.running);
  }

  protected abstract readonly service: MtlsService;

  protected abstract started(container: StartedTestContainer, running: RunningCredential): Started;

  /** Whether the service must check CRLs. */
  protected get checksRevocation(): boolean {
    const { crl } = this.#options;
    return crl !== undefined && crl !== false;
  }

  /** PEM of the CRLs that the service checks; empty where it checks none. For services that do not read them from one file. */
  protected get revocationLists(): string {
    return (this.#pki && revocationLists(this.#pki, this.#options.crl)) ?? '';
  }

  /** PEM of the authorities whose clients are accepted. */
  protected get anchors(): string {
    return anchorsPem(this.#options.trust ?? this.#pki?.anchors ?? [], () => 'the container');
  }

  /** The same for services that read one CRL: that of the PKI's issuer in place of all of the PKI. */
  protected get issuersRevocationList(): string {
    return this.#options.crl === true ? (this.#pki?.issuer.crl() ?? '') : this.revocationLists;
  }

  /** Files whose contents depend on what the user asked for. */
  protected moreFiles(): readonly ArchivedFile[] {
    return [];
  }

  protected override async beforeContainerCreated(): Promise<void> {
    const { port, owner, user, command, environment = {}, folder, files, serverLeaf, attempt } = this.service;
    this.#pki ??= createPki();
    const { mtls } = await withMtls(this, this.#pki, { owner, ...this.#options, ...(serverLeaf && withLeaf(serverLeaf, this.#options)) });
    this.#credential = mtls;
    const configuration = Object.entries(files).map(([name, target]) => ({
      path: target.replace(/^\//u, ''),
      content: readServiceFile(folder, name),
      mode: 0o644,
      owner: { uid: 0, gid: 0 },
    }));
    await copyInto(this, [...configuration, ...this.moreFiles()]);
    if (!this.hasExposedPort(port)) this.withExposedPorts(port);
    this.withEnvironment({ ...environment, ...this.environment });
    if (this.createOpts.Cmd === undefined) this.withCommand([...command]);
    if (user !== undefined && this.createOpts.Entrypoint === undefined) this.withEntrypoint(givingFilesTo(user));
    this.waitStrategy ??= waitForMtls({ identity: this.#validClient(this.#pki), port, attempt });
  }

  #requireCrlSupport(): void {
    const { withoutCrl } = this.service;
    if (withoutCrl === undefined || !this.checksRevocation) return;
    throw invalidOption('crl', 'CRLs', `none: ${withoutCrl}`);
  }

  /** What the container was given; there once it is created. */
  protected get running(): RunningCredential {
    if (!this.#pki || !this.#credential) throw new TypeError('the container has no credential'); // beforeContainerCreated has run
    return { pki: this.#pki, identity: this.#credential.identity, client: this.#validClient(this.#pki) };
  }

  #validClient(pki: Pki): Identity {
    return pki.client(this.service.clientName, this.service.clientLeaf);
  }
}

/** What a running container was started with. */
export interface RunningCredential {
  readonly pki: Pki;
  readonly identity: Identity;
  readonly client: Identity;
}

/** What every started wrapper of a service has in common. */
export abstract class StartedMtlsContainer extends AbstractStartedContainer {
  /** Issued the service's certificate; its clients are accepted. */
  readonly pki: Pki;
  /** What the service presents. */
  readonly identity: Identity;
  /** A client that is accepted. */
  readonly client: Identity;
  readonly #port: number;

  constructor(container: StartedTestContainer, { pki, identity, client }: RunningCredential, port: number) {
    super(container);
    this.pki = pki;
    this.identity = identity;
    this.client = client;
    this.#port = port;
  }

  /** The port on the engine's host that speaks TLS. */
  getPort(): number {
    return this.getMappedPort(this.#port);
  }

  /** What a client library takes: of the valid client, of another identity, or as given. */
  protected tlsOf(credential: ClientCredential = this.client): ClientTls {
    return credential instanceof Identity ? credential.tls : credential;
  }
}

/** The credential of a client: an identity, or what it presents and trusts as PEM; `{ ca }` alone presents nothing. */
export type ClientCredential = Identity | ClientTls;

const { directory: _directory, ...own } = withMtlsSchema.own;
const credentialSchema = {
  what: 'withCredential option',
  own,
  reserved: { directory: 'nothing: the configuration of the service names the files' },
};

/** What the user gives wins; an identity that is given is complete. */
function withLeaf(serverLeaf: LeafOptions, { identity, leaf }: WithMtlsOptions): WithMtlsOptions {
  return identity ? {} : { leaf: { ...serverLeaf, ...leaf } };
}

/** A file of `fixtures/containers/<folder>`: a server's configuration in its own format, shipped with this package. */
function readServiceFile(folder: string, name: string): string {
  const require = createRequire(import.meta.url);
  const file = path.join(path.dirname(require.resolve('mtls-fixtures/package.json')), 'fixtures/containers', folder, name);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw readError(error, file, 'it is a file of mtls-fixtures; install the package again');
  }
}

/** Runs as root, hands the files over by name, and goes on with the image's own entrypoint. */
function givingFilesTo({ name, entrypoint }: NonNullable<MtlsService['user']>): string[] {
  return ['/bin/sh', '-c', `[ "$(id -u)" != 0 ] || chown -R ${name} /mtls && exec "$0" "$@"`, ...entrypoint];
}
