import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MtlsFixturesError, textOf } from '../../errors/index.ts';
import { Identity } from '../identity.ts';
import { Pki } from '../pki.ts';
import { Removal } from './removal.ts';

/**
 * Files that are removed: by `using`, by `remove()`, at the latest when the process exits or is ended by SIGINT, SIGTERM or SIGHUP. SIGKILL
 * leaves them, and that is how Vitest ends its workers when the run is interrupted; so does ending a thread, as Vitest does with its pools `threads` and
 * `vmThreads` (measured with 5.1): there hold them with `using`, or remove them in `afterAll`.
 */
export interface DisposableFiles {
  /** The folder that holds them. */
  readonly directory: string;
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
}

/** The files of a PKI. It writes no keys. */
export interface PkiFiles extends DisposableFiles {
  /** PEM of the trust anchors. */
  readonly ca: string;
  /** PEM of a CRL of each authority. */
  readonly crl: string;
  /** PEM of the issuing authority's certificate and those above it, without the root; undefined for a PKI without intermediates. */
  readonly intermediates: string | undefined;
}

/**
 * Writes what other programs read from files: an identity's key, chain and anchors, or a PKI's anchors, intermediates and CRLs (no
 * keys). Default: a new folder of mode 0700 below the system's temporary one. A given folder is created where it is missing; a file
 * that exists is never overwritten (`FILE_EXISTS`).
 */
export function writeFiles(identity: Identity, directory?: string): IdentityFiles;
export function writeFiles(pki: Pki, directory?: string): PkiFiles;
export function writeFiles(source: Identity | Pki, directory?: string): IdentityFiles | PkiFiles {
  if (source instanceof Identity) {
    const { anchors, name } = source;
    const {
      key = '',
      cert = '',
      ca,
      ...files
    } = write(directory, [
      { name: 'key', file: 'key.pem', content: source.keyPem },
      { name: 'cert', file: 'cert.pem', content: source.chainPem },
      ...(anchors === '' ? [] : [{ name: 'ca', file: 'ca.pem', content: anchors } as const]),
    ]);
    return ca === undefined ? withoutAnchors({ ...files, key, cert }, name) : { ...files, key, cert, ca };
  }
  if (source instanceof Pki) {
    const intermediates = source.issuer.chainPem;
    const {
      ca = '',
      crl = '',
      ...files
    } = write(directory, [
      { name: 'ca', file: 'ca.pem', content: source.anchors },
      { name: 'crl', file: 'crl.pem', content: source.crls().join('') },
      ...(intermediates === '' ? [] : [{ name: 'intermediates', file: 'intermediates.pem', content: intermediates } as const]),
    ]);
    return { ...files, ca, crl, intermediates: files.intermediates };
  }
  throw new MtlsFixturesError('OPTION_INVALID', { option: 'writeFiles source', value: typeof source, expected: 'an Identity or a Pki' });
}

type FileName = 'key' | 'cert' | 'ca' | 'intermediates' | 'crl';

/** What one file is to hold. */
interface FileContent {
  readonly name: FileName;
  readonly file: string;
  readonly content: string;
}

/** Writes all files or none, and says where each is. */
function write(directory: string | undefined, contents: readonly FileContent[]): DisposableFiles & { readonly [N in FileName]?: string } {
  const folder = openDirectory(directory);
  const paths = contents.map(({ name, file, content }) => ({ name, location: path.join(folder.directory, file), content }));
  const removal = new Removal(folder);
  try {
    for (const { location, content } of paths) {
      fs.closeSync(fs.openSync(location, 'wx', 0o600));
      removal.add(location);
      fs.writeFileSync(location, content);
    }
  } catch (error) {
    removal.remove(); // what we wrote; never the file that was in the way
    throw fileExists(error) ?? error;
  }
  return {
    directory: folder.directory,
    ...Object.fromEntries(paths.map(({ name, location }) => [name, location])),
    remove: () => {
      removal.remove();
    },
    [Symbol.dispose]: () => {
      removal.remove();
    },
    [Symbol.asyncDispose]: async () => {
      removal.remove();
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

function openDirectory(directory: string | undefined): { readonly directory: string; readonly created: string | undefined } {
  if (directory === undefined) {
    const made = fs.mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-')); // mode 0700
    return { directory: made, created: made };
  }
  if (typeof directory !== 'string' || directory === '')
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'writeFiles directory',
      value: textOf(directory),
      expected: 'the path of a folder, or nothing for a new one',
    });
  const resolved = path.resolve(directory);
  return { directory: resolved, created: fs.mkdirSync(resolved, { recursive: true, mode: 0o700 }) };
}

function fileExists(error: unknown): MtlsFixturesError | undefined {
  const { code, path: location } = Object(error) as NodeJS.ErrnoException; // any object reads undefined where these are missing
  return code === 'EEXIST' ? new MtlsFixturesError('FILE_EXISTS', { path: String(location) }, { cause: error }) : undefined;
}
