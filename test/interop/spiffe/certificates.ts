import { X509Certificate } from 'node:crypto';
import type { WorkloadApi } from '../../../src/spiffe/index.ts';

/** SHA-256 of the leaf that is delivered for an id at the moment. */
export function leafOf(api: WorkloadApi, id: string): string {
  return fingerprint(api.identity(id)?.certificate.fingerprint256 ?? '');
}

/** SHA-256 of each root of the trust domain. */
export function rootsOf({ bundle }: WorkloadApi): string[] {
  const blocks = bundle.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/gu) ?? [];
  return blocks.map((pem) => fingerprint(new X509Certificate(pem).fingerprint256));
}

function fingerprint(text: string): string {
  return text.replaceAll(':', '').toLowerCase();
}
