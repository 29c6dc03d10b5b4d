/** What to do about a file system's error, by the code that its reason begins with: `ENOSPC: no space left on device`. */
export function writeAdvice(reason: string): string {
  const [code = ''] = reason.split(':', 1);
  return Object.hasOwn(byCode, code) ? String(byCode[code]) : 'make room, or choose a place that can be written';
}

const permissions = 'change the permissions, or choose a place that this user can write to';
const limit = 'close files that are open, or raise the limit (ulimit -n)';

const byCode: Readonly<Record<string, string>> = {
  EACCES: permissions,
  EPERM: permissions,
  EROFS: 'choose a place that is not mounted read-only',
  ENOSPC: 'free some space, or choose another place',
  EDQUOT: 'free some space, or choose another place',
  ENOENT: 'create the folder above it, or correct the path',
  ENOTDIR: 'a part of the path is a file and not a folder; correct the path',
  EISDIR: 'it is a folder; name a file in it',
  ELOOP: 'symbolic links on the path form a loop; correct the path',
  ENAMETOOLONG: 'choose a shorter path',
  EMFILE: limit,
  ENFILE: limit,
};
