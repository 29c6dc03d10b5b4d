import { describeOutcome } from '../scenarios/records/scenario-result.ts';
import type { RuntimeRecord } from '../scenarios/records/scenario-record.ts';
import type { ReportResult, ReportTarget } from './report.ts';

/** The name of each status. */
export const statusWords: Readonly<Record<ReportResult['status'], string>> = {
  'as-expected': 'as expected',
  unexpected: 'unexpected',
  'not-judged': 'not judged',
  skipped: 'skipped',
};

/** The sign of each status, so that color is never the only sign. */
export const statusSigns: Readonly<Record<ReportResult['status'], string>> = {
  'as-expected': '✓',
  unexpected: '✗',
  'not-judged': '?',
  skipped: '–',
};

/** The order of drawing. */
export const statusOrder: readonly ReportResult['status'][] = ['unexpected', 'not-judged', 'as-expected', 'skipped'];

/** The title of a target: with its project and label, where it has them, since the same suite may appear several times. */
export function targetTitle({ name, project, label }: Pick<ReportTarget, 'name' | 'project' | 'label'>): string {
  return [name, ...[project, label].flatMap((part) => (part === undefined ? [] : [`[${part}]`]))].join(' ');
}

/** A commit as it is shown. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 10);
}

/** A moment as it is shown. */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** `Node.js 26.10.0, OpenSSL 3.5.1` */
export function runtimeText({ node, openssl }: RuntimeRecord): string {
  return `Node.js ${node}, OpenSSL ${openssl}`;
}

/** The name of a result within its target. */
export function resultName({ kind, id }: Pick<ReportResult, 'kind' | 'id'>): string {
  return kind === 'last-control' ? 'control at the end' : visible(id);
}

/** The outcome, in a word or two. */
export function outcomeWord({ status, expected, handshake }: ReportResult): string {
  if (status === 'as-expected') return expected.verdict;
  if (status !== 'unexpected') return statusWords[status];
  return handshake && handshake.verdict !== expected.verdict ? handshake.verdict : 'otherwise';
}

/** The first line of a message, without what is shown beside it: the id, the version, and what was expected. */
export function shortMessage({ message, expected }: Pick<ReportResult, 'message' | 'expected'>): string {
  const line = (message.split('\n')[0] ?? '').replace(/^[\w-]+ \([\w.-]+\): /u, '');
  const known = `expected ${describeOutcome(expected)}, but `;
  return line.startsWith(known) ? line.slice(known.length) : line;
}

/** Control characters and those that turn or hide text, as their numbers: certificates may contain them to deceive a reader. */
export function visible(text: string): string {
  return text.replaceAll(deceptive, (letter) => `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`);
}

/** All of these except line feeds. */
export const deceptive: RegExp = /[^\P{Cc}\n]|\p{Cf}|\p{Cs}|\u2028|\u2029/gu;
