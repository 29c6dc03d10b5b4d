import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { invalidOption, MtlsFixturesError, writeError } from '../../errors/index.ts';
import { requireOneOf } from '../../options/checks.ts';
import { type OptionSchema, oneOf, requireOptionsOf } from '../../options/schema.ts';
import { Identity } from '../identity.ts';
import { Pki } from '../pki.ts';
import type { FileDamage } from './damage.ts';
import type { FilesLayout } from './file-layout.ts';
import { type Folder, Material } from './material.ts';

/** Where {@link writeFiles} writes, and how. */
export interface WriteFilesOptions {
  /** Created where it is missing; default a new folder below the system's temporary one. */
  readonly directory?: string | undefined;
  /**
   * `files` (default): files of their own, each replaced by `rename`. `kubernetes`: as the kubelet mounts a Secret, symbolic links through `..data`, which is swapped in one `rename`; throws
   * `LINKS_UNSUPPORTED` where the file system has none.
   */
  readonly layout?: FilesLayout | undefined;
}

/**
 * Files that are removed: by `using`, by `remove()`, at the latest when the process exits or is ended by SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR2, or SIGABRT from outside. SIGKILL,
 * `process.abort()` and a crash leave them. SIGKILL is how Vitest ends its workers when the run is interrupted; so does ending a thread, as Vitest does with its pools `threads` and
 * `vmThreads` (measured with 5.1): there hold them with `using`, or remove them in `afterAll`.
 */
export interface DisposableFiles {
  /** The folder that holds them. */
  readonly directory: string;
  /** Puts right what `damage` has damaged; without damage nothing changes. */
  restore(): void;
  /** Removes them. Throws `REMOVE_FAILED`. */
  remove(): void;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The files of an identity. */
export interface IdentityFiles extends DisposableFiles {
  /** PKCS#8 PEM of its key, mode 0600. */
  readonly key: string;
  /** PEM of its certificate and intermediates. */
  readonly cert: string;
  /** PEM of its trust anchors. Of an identity without any there is no such file, and reading this throws `TRUST_MISSING`. */
  readonly ca: string;
  /**
   * Puts another identity in the place of this one. Layout `files`: the anchors, then the key, then the certificate, each in one step, so that a watcher on the certificate finds the rest in place; who
   * reads in between sees the key of one and the certificate of the other. Layout `kubernetes`: all in one step. Damage ends with it.
   */
  rotate(identity: Identity): void;
  /** Damages the file of the key, or the one that is named, until `restore` or `rotate`. Throws `ALREADY_DAMAGED`. */
  damage(damage: FileDamage, options?: { readonly file?: 'key' | 'cert' | 'ca' | undefined }): void;
}

/** The files of a PKI. It writes no keys. */
export interface PkiFiles extends DisposableFiles {
  /** PEM of the trust anchors. */
  readonly ca: string;
  /** PEM of a CRL of each authority. */
  readonly crl: string;
  /** PEM of the issuing authority's certificate and those above it, without the root; undefined for a PKI without intermediates. */
  readonly intermediates: string | undefined;
  /** Puts the files of another PKI in the place of these, or those of the same with its CRLs as they are now: anchors, intermediates, CRLs, each in one step. */
  rotate(pki: Pki): void;
  /** Damages the file of the anchors, or the one that is named, until `restore` or `rotate`. Throws `ALREADY_DAMAGED`. */
  damage(damage: Exclude<FileDamage, 'key-of-another'>, options?: { readonly file?: 'ca' | 'crl' | 'intermediates' | undefined }): void;
}

/**
 * Writes what other programs read from files: an identity's key, chain and anchors, or a PKI's anchors, intermediates and CRLs (no
 * keys). Default: a new folder of mode 0700 below the system's temporary one. A given folder is created where it is missing; a file
 * that exists is never overwritten (`FILE_EXISTS`).
 */
export function writeFiles(identity: Identity, options?: string | WriteFilesOptions): IdentityFiles;
export function writeFiles(pki: Pki, options?: string | WriteFilesOptions): PkiFiles;
export function writeFiles(source: Identity | Pki, options: string | WriteFilesOptions = {}): IdentityFiles | PkiFiles {
  if (source instanceof Identity) return writeIdentity(source, folderOf(options));
  if (source instanceof Pki) return writePki(source, folderOf(options));
  throw invalidOption('writeFiles source', typeof source, 'an Identity or a Pki');
}

function writeIdentity(identity: Identity, folder: Folder): IdentityFiles {
  const material = new Material(folder, identityTexts(identity));
  const files = {
    ...disposable(material),
    key: material.at('key.pem'),
    cert: material.at('cert.pem'),
    rotate: (next: Identity) => {
      if (!(next instanceof Identity)) throw invalidOption('rotate identity', typeof next, 'an Identity');
      material.rotate(identityTexts(next));
    },
    damage: (damage: FileDamage, options: DamageOptions = {}) => {
      material.damage(damage, damagedFile(material, { damage, options, usual: 'key' }));
    },
  };
  return identity.anchors === '' ? withoutAnchors(files, identity.name) : { ...files, ca: material.at('ca.pem') };
}

function writePki(pki: Pki, folder: Folder): PkiFiles {
  const material = new Material(folder, pkiTexts(pki));
  return {
    ...disposable(material),
    ca: material.at('ca.pem'),
    crl: material.at('crl.pem'),
    intermediates: material.files.includes('intermediates.pem') ? material.at('intermediates.pem') : undefined,
    rotate: (next: Pki) => {
      if (!(next instanceof Pki)) throw invalidOption('rotate pki', typeof next, 'a Pki');
      material.rotate(pkiTexts(next));
    },
    damage: (damage: FileDamage, options: DamageOptions = {}) => {
      material.damage(damage, damagedFile(material, { damage, options, usual: 'ca' }));
    },
  };
}

/** In the order in which they are replaced. */
function identityTexts({ anchors, keyPem, chainPem }: Identity): ReadonlyMap<string, string> {
  return new Map([...(anchors === '' ? [] : [['ca.pem', anchors] as const]), ['key.pem', keyPem], ['cert.pem', chainPem]]);
}

function pkiTexts(pki: Pki): ReadonlyMap<string, string> {
  const { chainPem } = pki.issuer;
  return new Map([
    ['ca.pem', pki.anchors],
    ...(chainPem === '' ? [] : [['intermediates.pem', chainPem] as const]),
    ['crl.pem', pki.crls().join('')],
  ]);
}

interface DamageOptions {
  readonly file?: string | undefined;
}

/** The file that is meant, once everything about the damage is checked. */
function damagedFile(
  { files }: Material,
  { damage, options, usual }: { readonly damage: FileDamage; readonly options: DamageOptions; readonly usual: string },
): string {
  const names = files.map((file) => path.basename(file, '.pem'));
  requireOneOf('damage', damage, names.includes('key') ? damages : damages.filter((other) => other !== 'key-of-another'));
  requireOptionsOf({ what: 'damage option', own: { file: oneOf(names) } } satisfies OptionSchema, options);
  const { file = usual } = options;
  if (damage === 'key-of-another' && file !== 'key') throw invalidOption('file', file, 'key, in whose place another key is put');
  return `${file}.pem`;
}

/** What files of every kind have. */
export function disposable(material: Material): DisposableFiles {
  const remove = (): void => {
    material.remove();
  };
  return {
    directory: material.directory,
    restore: () => {
      material.restore();
    },
    remove,
    [Symbol.dispose]: remove,
    [Symbol.asyncDispose]: async () => {
      remove();
    },
  };
}

/** Not enumerable, so that what prints or copies the files does not read it. */
function withoutAnchors(files: Omit<IdentityFiles, 'ca'>, name: string): IdentityFiles {
  return Object.defineProperty({ ...files, ca: '' }, 'ca', {
    enumerable: false,
    get: () => {
      throw new MtlsFixturesError('TRUST_MISSING', { who: `"${name}"` });
    },
  });
}

/** Where to write; checked, before anything is written. */
export function folderOf(options: string | WriteFilesOptions): Folder {
  const { directory, layout = 'files' } = typeof options === 'object' && options !== null ? checked(options) : { directory: options };
  if (directory === undefined) return { directory: temporaryFolder(), isNew: true, layout };
  requireDirectory('writeFiles directory', directory);
  return { directory: path.resolve(directory), isNew: false, layout };
}

function checked(options: WriteFilesOptions): WriteFilesOptions {
  requireOptionsOf(writeFilesSchema, options);
  return options;
}

function temporaryFolder(): string {
  const stem = path.join(os.tmpdir(), 'mtls-fixtures-');
  try {
    return fs.mkdtempSync(stem); // mode 0700
  } catch (error) {
    throw writeError(error, stem);
  }
}

function requireDirectory(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '' || value.includes('\0'))
    throw invalidOption(option, value, 'the path of a folder, or nothing for a new one');
}

const writeFilesSchema = {
  what: 'writeFiles option',
  own: { directory: requireDirectory, layout: oneOf(['files', 'kubernetes']) },
} satisfies OptionSchema;

const damages: readonly FileDamage[] = ['truncated', 'key-of-another', 'empty', 'missing', 'unreadable'];
