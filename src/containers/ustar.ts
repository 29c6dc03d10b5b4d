/** A file of an archive. */
export interface ArchivedFile {
  /** Relative path, at most 100 octets. */
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

/** The archive of these files in the format ustar (POSIX.1-1988), with owners, which Testcontainers' own copying cannot say. */
export function ustar(files: readonly ArchivedFile[]): Buffer {
  const blocks = files.flatMap((file) => {
    const content = Buffer.from(file.content);
    return [header(file, content.length), content, Buffer.alloc(-content.length & 511)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header({ path, mode, owner }: ArchivedFile, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(path, 0, 100);
  block.write(octal(mode, 7), 100);
  block.write(octal(owner.uid, 7), 108);
  block.write(octal(owner.gid, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.fill(' ', 148, 156); // the checksum counts as spaces while it is summed up
  block.write('0', 156);
  block.write('ustar\x0000', 257, 'latin1');
  const checksum = block.reduce((sum, octet) => sum + octet, 0);
  block.write(`${octal(checksum, 6)}\0 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
