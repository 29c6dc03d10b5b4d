import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import type * as testcontainers from 'testcontainers';
import { MtlsFixturesError } from '../../errors/index.ts';

const require = createRequire(import.meta.url);
const versions = { testcontainers: 12, archiver: 7 } as const;

// What its declarations say of it.
const loaded = load('testcontainers', require) as typeof testcontainers;

/** The optional peer, loaded with this entry point; an error that names it where it is not installed. CommonJS, so `require` has it without waiting. */
export const { AbstractStartedContainer, BoundPorts, GenericContainer, getContainerRuntimeClient } = loaded;

/** An archive as `archiver` makes it; its own types are not installed with it. */
interface Archive extends Readable {
  append(content: Buffer, entry: ArchiveEntry): this;
  finalize(): Promise<void>;
}

interface ArchiveEntry {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly pax?: Readonly<Record<string, number>>;
}

/**
 * A new tar archive, by the library with which Testcontainers makes those of `withCopyContentToContainer`, which cannot say who owns a file. It is a dependency of
 * Testcontainers and is resolved from there: wherever a package manager puts it, that is the one that Testcontainers uses.
 */
export function newTarArchive(): Archive {
  const archiver = load('archiver', createRequire(require.resolve('testcontainers'))) as (format: 'tar') => Archive; // its documentation
  return archiver('tar');
}

function load(name: keyof typeof versions, from: NodeJS.Require): unknown {
  try {
    return from(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error; // errors of `require` carry a code
    throw new MtlsFixturesError('PACKAGE_MISSING', { name, install: `${name}@${versions[name]}` }, { cause: error });
  }
}
