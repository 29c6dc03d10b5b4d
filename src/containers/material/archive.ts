import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { newTarArchive } from '../engine/testcontainers.ts';

/** A file of an archive. */
export interface ArchivedFile {
  /** Relative path. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permissions, as in 0o600. */
  readonly mode: number;
  readonly owner: Owner;
}

/** Numbers of a user and of a group inside the container. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The tar archive of these files, for `withCopyArchivesToContainer`. */
export async function tarOf(files: readonly ArchivedFile[]): Promise<Readable> {
  const archive = newTarArchive();
  for (const { path, content, mode, owner } of files)
    archive.append(Buffer.from(content), { name: path, mode, ...owner, ...(Object.values(owner).some(isLarge) && { pax: { ...owner } }) });
  const [bytes] = await Promise.all([buffer(archive), archive.finalize()]);
  return Readable.from([bytes]);
}

/** The header has six octal digits for a user, and archiver 7 writes 777777 for a larger number; a pax record takes precedence. */
function isLarge(id: number): boolean {
  return id > 0o777777;
}
