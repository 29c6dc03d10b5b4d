import { expect } from 'vitest';
import { createPki, type Identity, type Subject } from '../../../src/index.ts';

/** The client of the literal values in these tests: its serial number, and a subject with whatever a name may need to escape. */
export function sampleClient(): Identity {
  const { issuer } = createPki({ name: 'sample' });
  return issuer.issue({ subject, serialNumber: '0a1b2c3d4e5f60718293a4b5c6d7e8f9', notBefore: new Date('2026-02-16T03:47:18Z'), notAfter });
}

const subject: Subject = [
  { type: 'C', value: 'FR' },
  { type: 'O', value: 'Exämple, "Org"; x=1+y' },
  { type: 'OU', value: 'A' },
  { type: 'OU', value: 'B' },
  { type: 'CN', value: 'web 01' },
];
const notAfter = new Date('2035-02-16T03:47:18Z');

/** SHA-1 by Node, in small letters without colons. */
export function fingerprintOf(identity: Identity): string {
  return identity.certificate.fingerprint.replaceAll(':', '').toLowerCase();
}

/** What a malformed header is refused with. */
export function malformedHeader(header: string, problem: string): unknown {
  return expect.objectContaining({ code: 'FORWARDED_INVALID', facts: { header, problem: expect.stringContaining(problem) } });
}
