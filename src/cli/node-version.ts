import { MtlsFixturesError } from '../errors/index.ts';

/**
 * Throws `RUNTIME_UNSUPPORTED` on a Node.js below the engines of package.json, of which npm only warns: on Node 20 `mtls-fixtures pki` hangs now and then (a deadlock in its export of keys as
 * JWK, measured on 20.20).
 */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) return;
  throw new MtlsFixturesError('RUNTIME_UNSUPPORTED', {
    action: 'run mtls-fixtures',
    runtime: `Node.js "${version}"`,
    problem: 'it is older than 22.12',
    advice: 'use Node.js 22.12 or later, 24 or 26',
  });
}
