import type { Side } from '../../wire/capture.ts';
import { extendedKeyUsage, type Extension } from '../../x509/extensions.ts';

/** The extendedKeyUsage of a role. */
export function purpose(role: Side): Extension {
  return extendedKeyUsage([role === 'client' ? 'clientAuth' : 'serverAuth']);
}

/** The other role. */
export function otherThan(role: Side): Side {
  return role === 'client' ? 'server' : 'client';
}
