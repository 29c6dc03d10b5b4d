import { MtlsFixturesError, isError } from '../errors/index.ts';
import { memberOf } from '../handshake/verdict/client-errors/errors-within.ts';
import { isHandshake, type Handshake } from '../handshake/verdict/handshake.ts';
import { isObservedServer } from '../handshake/server/observed-node-server.ts';
import type { ObservedServer } from '../handshake/server/observed-server.ts';
import { didYouMean } from '../options/suggestion.ts';
import { Identity } from '../pki/identity.ts';
import { alertSuggestion, isAlertName } from '../wire/records/alerts.ts';
import type { PeerCertificate } from '../x509/inspect-certificate.ts';
import { evidenceNames, isEvidence } from './evidences.ts';

/** Refuses anything but a `Handshake`; a promise of one most of all, since it is easily forgotten to await. */
export function requireHandshake(matcher: string, value: unknown): Handshake {
  if (isHandshake(value)) return value;
  throw new MtlsFixturesError('MATCHER_MISUSE', {
    matcher,
    expected: 'a Handshake, e.g. await attemptHandshake(server)',
    received: describeValue(value),
  });
}

export function requireServer(matcher: string, value: unknown): ObservedServer {
  if (isObservedServer(value)) return value;
  throw new MtlsFixturesError('MATCHER_MISUSE', {
    matcher,
    expected: 'an ObservedServer, e.g. of startTlsServer or observe',
    received: describeValue(value),
  });
}

export function requireIdentity(matcher: string, value: unknown): Identity | undefined {
  if (value === undefined || value instanceof Identity) return value;
  throw new MtlsFixturesError('MATCHER_MISUSE', {
    matcher,
    expected: 'an Identity as its argument, or none for a client without certificate',
    received: describeValue(value),
  });
}

/** Refuses what describes no acceptance: anything but `{ evidence? }`. `others`: fields that mean something else. */
export function requireAcceptance(matcher: string, expected: unknown, others: 'none' | 'some' = 'none'): void {
  const problem = fieldsProblem(expected, acceptanceFields, others) ?? evidenceProblem(memberOf(expected, 'evidence'));
  if (problem !== undefined)
    throw new MtlsFixturesError('MATCHER_MISUSE', {
      matcher,
      expected: `{ evidence? }, one or several of ${evidenceNames()}${suggestionFor(problem, acceptanceFields)}`,
      received: problem,
    });
}

function suggestionFor(problem: string, names: readonly string[]): string {
  return problem.startsWith(field) ? didYouMean(problem.slice(field.length), names) : '';
}

/**
 * Refuses what describes no rejection: a misspelt field, or text alone, would be met by every rejection. `fields`: which are compared, or `others` where
 * there are some that mean something else.
 */
export function requireRejection(matcher: string, expected: unknown, fields: 'failure' | 'rejection' | 'others' = 'rejection'): void {
  const problem = rejectionProblem(expected, fields) ?? evidenceProblem(memberOf(expected, 'evidence'));
  if (problem === undefined) return;
  const evidence = fields === 'failure' ? '' : `, and { evidence? } of ${evidenceNames()}`;
  const suggestion = problem.startsWith(alertField)
    ? alertSuggestion(memberOf(expected, 'alert'))
    : suggestionFor(problem, rejectionFields);
  throw new MtlsFixturesError('MATCHER_MISUSE', {
    matcher,
    expected: `{ by?: 'client' | 'server', reason?, alert? }, each as text${evidence}${suggestion}`,
    received: problem,
  });
}

function fieldsProblem(expected: unknown, known: readonly string[], others: 'none' | 'some'): string | undefined {
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) return describeValue(expected);
  const unknown = others === 'none' ? Object.keys(expected).find((field) => !known.includes(field)) : undefined;
  return unknown === undefined ? undefined : `${field}${unknown}`;
}

function evidenceProblem(evidence: unknown): string | undefined {
  if (evidence === undefined) return undefined;
  const kinds: readonly unknown[] = Array.isArray(evidence) ? evidence : [evidence];
  if (kinds.length === 0) return 'evidence: an empty list';
  const unknown = kinds.find((kind) => !isEvidence(kind));
  return unknown === undefined && !kinds.includes(undefined) ? undefined : `evidence: ${describeValue(unknown)}`;
}

function rejectionProblem(expected: unknown, compared: 'failure' | 'rejection' | 'others'): string | undefined {
  const known = compared === 'failure' ? rejectionFields : [...rejectionFields, ...acceptanceFields];
  const problem = fieldsProblem(expected, known, compared === 'others' ? 'some' : 'none');
  if (problem !== undefined) return problem;
  const fields = new Map<string, unknown>(Object.entries(expected as object)); // it has fields
  const [by, reason, alert] = rejectionFields.map((field) => fields.get(field));
  if (by !== undefined && by !== 'client' && by !== 'server') return `by: ${describeValue(by)}`;
  if (reason !== undefined && (typeof reason !== 'string' || reason === '')) return `reason: ${describeValue(reason)}`;
  return alert === undefined || isAlertName(alert) ? undefined : `${alertField}${describeValue(alert)}, which is not the name of an alert`;
}

/** Refuses what describes no certificate, a misspelt field most of all: no certificate has it, and `not` would always hold. */
export function requireCertificateFields(matcher: string, expected: unknown): void {
  const fields = typeof expected === 'object' && expected !== null ? Object.keys(expected) : undefined;
  const unknown = fields?.find((field) => !Object.hasOwn(certificateFields, field));
  if (fields && unknown === undefined) return;
  throw new MtlsFixturesError('MATCHER_MISUSE', {
    matcher,
    expected: `an object with some of ${Object.keys(certificateFields).join(', ')}${unknown === undefined ? '' : didYouMean(unknown, Object.keys(certificateFields))}`,
    received: unknown === undefined ? describeValue(expected) : `the field ${unknown}`,
  });
}

function describeValue(value: unknown): string {
  if (Object.prototype.toString.call(value) === '[object Promise]') return 'a Promise; await it first';
  if (isError(value)) return `${value.name}: ${value.message}`;
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
  return 'constructor' in value ? value.constructor.name : 'an object';
}

const field = 'the field ';
const alertField = 'alert: ';
const acceptanceFields: readonly string[] = ['evidence'];
const rejectionFields: readonly string[] = ['by', 'reason', 'alert'];

const certificateFields: Readonly<Record<keyof PeerCertificate, true>> = {
  subject: true,
  issuer: true,
  commonName: true,
  serialNumber: true,
  notBefore: true,
  notAfter: true,
  altNames: true,
  spiffeId: true,
  keyUsage: true,
  extendedKeyUsage: true,
  isAuthority: true,
  pathLength: true,
  keyAlgorithm: true,
  signatureAlgorithm: true,
  fingerprint256: true,
  thumbprint: true,
  spkiSha256: true,
  chain: true,
  pem: true,
  unreadable: true,
};
