import { attributeShortName } from './attribute-short-names.ts';
import type { RawName } from './certificate-octets.ts';

/** A name as HAProxy reads it without a format: `/C=FR/O=Example/CN=web`, octets as they are, nothing escaped. A value may look like further parts. */
export function slashName(name: RawName): string {
  return name.map(({ type, value }) => `/${attributeShortName(type) ?? type}=${Buffer.from(value.content).toString('latin1')}`).join('');
}
