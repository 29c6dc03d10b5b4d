import type { Evidence } from '../handshake/verdict/end-report.ts';

/** Whether a value is the name of a kind of evidence. */
export function isEvidence(value: unknown): value is Evidence {
  return typeof value === 'string' && Object.hasOwn(evidences, value);
}

/** Whether a handshake's evidence is of the kind, or of one of the kinds, on which an expectation insists. */
export function isOfKind(evidence: Evidence, expected: ExpectedEvidence | undefined): boolean {
  return expected === undefined || [expected].flat().includes(evidence);
}

/** One kind of evidence, or several of which any will do. */
export type ExpectedEvidence = Evidence | readonly Evidence[];

/** All kinds, as text. */
export function evidenceNames(): string {
  return Object.keys(evidences).join(', ');
}

const evidences: Readonly<Record<Evidence, true>> = {
  'server-observed': true,
  'client-observed': true,
  'application-data': true,
  'session-ticket': true,
  'server-finished': true,
  alert: true,
  closed: true,
  reset: true,
  decrypted: true,
  'record-shape': true,
  quiet: true,
};
