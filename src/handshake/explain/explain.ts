import type { Side } from '../../wire/tap/capture.ts';
import { chainTree, type ChainTreeOptions } from './chain-tree.ts';
import type { EndReport, Ends, Evidence } from '../verdict/end-report.ts';
import { fitted, wrapped } from '../verdict/fitted-text.ts';
import type { HandshakeFacts } from '../verdict/handshake-facts.ts';
import { ladder } from './ladder.ts';
import { maskFor } from './masked.ts';
import { readableCertificate } from '../verdict/presented-chain.ts';
import { whyUnsent } from '../verdict/unsent-certificate.ts';
import { verdictSentence } from '../verdict/verdict-sentence.ts';
import { nextStep } from '../verdict/reasons/next-step.ts';
import { faultsOf } from '../verdict/reasons/reasons.ts';
import { type Refusal, refusalBy } from '../verdict/reasons/refusal.ts';
import { quoted } from '../verdict/reasons/wording.ts';

/** How the transcript of a handshake is written. */
export interface ExplainOptions {
  /** Colors for a terminal. Default false. */
  readonly color?: boolean | undefined;
  /** Puts `<date>`, `<time>`, `<serial number>` and the like where no two runs are alike, for snapshots. Default false. */
  readonly masked?: boolean | undefined;
}

/**
 * A transcript of both ends in plain text, at most 25 lines of 190 characters: the verdict, how it is known, the messages of both sides as a ladder whose decisive line is marked, what each end's
 * API reported, the chain that was presented with the broken link marked, and what to change.
 */
export function explain(facts: HandshakeFacts, ends: Ends, { color = false, masked = false }: ExplainOptions = {}): string {
  const time = (atMs: number): string => (masked ? '<time>' : `${atMs.toFixed(1)} ms`);
  const mask = masked ? maskFor(facts) : (text: string): string => text;
  const handshake = masked ? withDetail(facts, mask) : facts;
  const date = (value: Date): string => (masked ? '<date>' : isoDate(value));
  const { verdict, rejectedBy, alert } = handshake;
  const refusal = refusalOf(handshake, ends, date);
  const faults = refusal ? faultsOf(refusal) : [];
  const shown = [
    `Handshake ${verdictSentence(handshake)}`,
    ...labelled('reason', handshake.detail?.replace(threadId, '')),
    ...labelled('evidence', `${handshake.evidence}: ${evidenceText[handshake.evidence]}`),
    ...labelled('session', session(handshake, time)),
    ...ladder(handshake.messages, { decision: { verdict, rejectedBy, alert: alert?.name }, most: mostRungs, time }),
    ...labelled('client API', ends.client?.reported ?? 'not observed'),
    ...labelled('server API', ends.server?.reported ?? 'not observed'),
    ...presentedChain('client', { handshake, ends, isJudged: refusal?.presenter === 'client', tree: { date, faults } }),
    ...presentedChain('server', { handshake, ends, isJudged: refusal?.presenter === 'server', tree: { date, faults } }),
  ].map((line) => fitted(mask(line)));
  const next = labelled('next', nextStep(handshake, ends, refusal)).flatMap((line) =>
    wrapped(mask(line), { indent: 14, most: Math.min(mostNext, mostLines - shown.length) }),
  );
  const lines = [...shown, ...next];
  return (
    color ? lines.map((line, index) => colored(line, { isVerdict: index === 0, verdict, isNext: index >= shown.length })) : lines
  ).join('\n');
}

/** Texts that quote the detail cut it: it is masked before. */
function withDetail(facts: HandshakeFacts, mask: (text: string) => string): HandshakeFacts {
  const { detail, records, messages, startedAt } = facts;
  return detail === undefined ? facts : { ...facts, records, messages, startedAt, detail: mask(detail) };
}

/** What is known of an end that refused the other, or let a client in that it could not verify. */
function refusalOf(handshake: HandshakeFacts, ends: Ends, date: (value: Date) => string): Refusal | undefined {
  const { rejectedBy, reason, verdict, authorizationError } = handshake;
  if (verdict === 'rejected') return rejectedBy && refusalBy(rejectedBy, { handshake, ends, reason, date });
  return authorizationError === undefined ? undefined : refusalBy('server', { handshake, ends, reason: authorizationError, date });
}

function isoDate(value: Date): string {
  return Number.isNaN(value.getTime()) ? 'an unreadable date' : value.toISOString().replace('.000Z', 'Z');
}

function labelled(label: string, text: string | undefined): string[] {
  return text === undefined ? [] : [`  ${label.padEnd(10)}  ${text}`];
}

/** The chain that was refused, or accepted all the same, as a tree; of one that the other end did not object to, the leaf alone. */
function presentedChain(
  side: Side,
  {
    handshake,
    ends,
    isJudged,
    tree,
  }: {
    readonly handshake: HandshakeFacts;
    readonly ends: Ends;
    readonly isJudged: boolean;
    readonly tree: ChainTreeOptions;
  },
): string[] {
  const certificate = side === 'client' ? handshake.clientCertificate : handshake.serverCertificate;
  if (!certificate) return labelled(side, notPresented(side, handshake, ends));
  const [leaf = '', ...issuers] = chainTree(certificate, tree);
  if (!wasSent(side, handshake)) return labelled(side, `${leaf}, ${unsent(handshake, side === 'client' ? ends.client : undefined)}`);
  const isTold = isJudged && (handshake.reason ?? handshake.authorizationError) !== undefined;
  return isTold ? [leaf, ...issuers].flatMap((line, index) => labelled(index === 0 ? side : '', line)) : labelled(side, leaf);
}

/** Why there is no certificate of one end to show: what it had and did not send is named as such. */
function notPresented(side: Side, handshake: HandshakeFacts, { client, server }: Ends): string {
  const [own, other] = side === 'client' ? [client, server] : [server, client];
  if (other?.peerChain?.()) return 'presented what cannot be read as a certificate';
  if (own?.ownChain) {
    const name = readableCertificate(own.ownChain)?.subject.text;
    const [what, sent] = [name === undefined ? 'its certificate' : quoted(name), wasSent(side, handshake)];
    return sent
      ? 'presented what cannot be read as a certificate'
      : `${what}, ${unsent(handshake, own.side === 'client' ? own : undefined)}`;
  }
  if (side === 'server') return 'presented no certificate that was seen';
  return server ? 'presented no certificate' : 'not observed';
}

/** That a certificate was not sent, and why where the wire shows it. */
function unsent({ messages }: HandshakeFacts, client: EndReport | undefined): string {
  const why = client?.ownChain && whyUnsent(messages, client.ownChain);
  if (why !== undefined) return `not sent: ${why}`;
  const hasAsked = messages.some(({ type }) => type === 'certificate_request');
  const hasSaidAll = messages.some(({ type, sentBy }) => sentBy === 'server' && (type === 'finished' || type === 'server_hello_done'));
  return client && hasSaidAll && !hasAsked ? 'not sent: the server did not ask for one' : 'which it did not send';
}

/** What one end was to present and another never saw; a resumed session sends none, and what stays encrypted is not known. */
function wasSent(side: Side, { messages, resumed }: HandshakeFacts): boolean {
  const own = messages.filter(({ sentBy }) => sentBy === side);
  if (resumed || own.some(({ type }) => type === 'encrypted' || type === 'unreadable')) return true;
  return own.some((message) => message.type === 'certificate' && message.certificates.length > 0);
}

function colored(
  line: string,
  { isVerdict, isNext, verdict }: { readonly isVerdict: boolean; readonly isNext: boolean; readonly verdict: HandshakeFacts['verdict'] },
): string {
  const { styleText } = process.getBuiltinModule('node:util'); // to import it would load worker_threads, three milliseconds of start-up
  const paint = (color: 'green' | 'red' | 'yellow'): string => styleText(color, line, { validateStream: false });
  if (isVerdict || line.startsWith('>')) return paint(verdict === 'accepted' ? 'green' : 'red');
  if (faultMark.test(line)) return paint('red');
  return isNext ? paint('yellow') : line;
}

function session(
  { protocol, cipher, group, alpn, servername, resumed, durationMs }: HandshakeFacts,
  time: (atMs: number) => string,
): string {
  const parts = [
    protocol ?? 'no version agreed',
    cipher,
    group,
    `servername ${servername ?? 'not sent'}`,
    alpn && `ALPN ${alpn}`,
    resumed ? 'resumed' : 'full handshake',
  ];
  return `${parts.filter(Boolean).join(', ')}, ${time(durationMs)}`;
}

const mostRungs = 10;
const mostLines = 25;
const mostNext = 3;
/** OpenSSL puts the number of its thread before an error. */
const threadId = /^[\dA-F]{8,}:(?=error:)/u;
/** A ladder's arrows have two spaces after them. */
const faultMark = / {3}<-- \S/u;

const evidenceText: Readonly<Record<Evidence, string>> = {
  'server-observed': "the server's own judgement was observed",
  'client-observed': "the client's own judgement was observed",
  'application-data': 'the peer sent application data after the handshake was complete',
  'session-ticket': 'the server sent a session ticket, and nothing contradicted within the wait; it may verify later still',
  'server-finished': "the server's TLS 1.2 Finished arrived, and nothing contradicted within the wait; it may verify later still",
  alert: 'a fatal alert arrived',
  closed: 'the peer closed the connection without an alert and without data',
  reset: 'the peer reset the connection without an alert and without data',
  decrypted: 'a relay between the two read the handshake',
  'record-shape': 'a relay between the two could not read what decided; it follows from the lengths and the order of records',
  quiet: 'nothing contradicted within the wait, and nothing spoke for it',
};
