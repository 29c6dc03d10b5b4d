import type { Side } from '../wire/capture.ts';
import type { PeerCertificate } from '../x509/inspect-certificate.ts';
import { chainTree, type ChainTreeOptions } from './chain-tree.ts';
import type { EndReport, Evidence } from './end-report.ts';
import type { Handshake } from './handshake.ts';
import { hintFor } from './hints.ts';
import { ladder } from './ladder.ts';
import { printable } from './printable.ts';

/** How a handshake is told. */
export interface ExplainOptions {
  /** Colours for a terminal. Default false. */
  readonly colour?: boolean;
  /** Puts `<date>`, `<time>` and `<random>` where no two runs are alike, for snapshots. Default false. */
  readonly masked?: boolean;
}

/**
 * Both ends' story in plain text, at most 25 lines: the verdict, how it is known, the messages of both sides as a ladder whose decisive line is marked, what each end's
 * API reported, the chain that was presented with the broken link marked, and what to change.
 */
export function explain(
  handshake: Handshake,
  ends: { readonly server?: EndReport; readonly client?: EndReport },
  { colour = false, masked = false }: ExplainOptions = {},
): string {
  const time = (atMs: number): string => (masked ? '<time>' : `${atMs.toFixed(1)} ms`);
  const date = (value: Date): string => (masked ? '<date>' : value.toISOString().replace('.000Z', 'Z'));
  const { verdict, rejectedBy, alert, reason } = handshake;
  const refused = verdict === 'rejected' && reason !== undefined ? rejectedBy : undefined;
  const shown = { date, at: handshake.startedAt.getTime(), servername: handshake.servername };
  const lines = [
    `Handshake ${verdictSentence(handshake)}`,
    ...labelled('reason', handshake.detail?.replace(threadId, '')),
    ...labelled('evidence', `${handshake.evidence}: ${evidenceText[handshake.evidence]}`),
    ...labelled('session', session(handshake, time)),
    ...ladder(handshake.messages, { decision: { verdict, rejectedBy, alert: alert?.name }, most: mostRungs, time }),
    ...labelled('client API', ends.client?.reported ?? 'not observed'),
    ...labelled('server API', ends.server?.reported ?? 'not observed'),
    ...presentedChain('client', {
      certificate: handshake.clientCertificate,
      otherwise: absence(ends.server?.peerChain ?? ends.client?.ownChain, ends.server ? 'presented no certificate' : 'not observed'),
      isSent: wasSent('client', handshake),
      tree: { ...shown, role: 'clientAuth', reason: refused === 'server' ? reason : handshake.authorizationError },
    }),
    ...presentedChain('server', {
      certificate: handshake.serverCertificate,
      otherwise: absence(ends.client?.peerChain ?? ends.server?.ownChain, 'presented no certificate that was seen'),
      isSent: wasSent('server', handshake),
      tree: { ...shown, role: 'serverAuth', reason: refused === 'client' ? reason : undefined },
    }),
    ...labelled('next', hintFor(handshake)),
  ].map((line) => printable(line.trimEnd())); // OpenSSL ends its own words with a new line
  const text = masked ? lines.map((line) => line.replaceAll(randomName, 'mtls-fixtures <random>')) : lines;
  return (colour ? text.map((line, index) => coloured(line, { isVerdict: index === 0, verdict })) : text).join('\n');
}

function labelled(label: string, text: string | undefined): string[] {
  return text === undefined ? [] : [`  ${label.padEnd(10)}  ${text}`];
}

/** The chain that was refused, or let in all the same, as a tree; of one that nobody objected to, the leaf alone. */
function presentedChain(
  side: Side,
  {
    certificate,
    otherwise,
    tree,
    isSent,
  }: {
    readonly certificate: PeerCertificate | undefined;
    readonly otherwise: string;
    readonly tree: ChainTreeOptions;
    readonly isSent: boolean;
  },
): string[] {
  if (!certificate) return labelled(side, otherwise);
  const [leaf = '', ...issuers] = chainTree(certificate, tree);
  const lines = [isSent ? leaf : `${leaf}, which it did not send`, ...issuers];
  return (tree.reason === undefined ? lines.slice(0, 1) : lines).flatMap((line, index) => labelled(index === 0 ? side : '', line));
}

/** What one end was to present and another never saw; a resumed session sends none, and what stays encrypted is not known. */
function wasSent(side: Side, { messages, resumed }: Handshake): boolean {
  const own = messages.filter(({ sentBy }) => sentBy === side);
  if (resumed || own.some(({ type }) => type === 'encrypted' || type === 'unreadable')) return true;
  return own.some((message) => message.type === 'certificate' && message.certificates.length > 0);
}

function coloured(line: string, { isVerdict, verdict }: { readonly isVerdict: boolean; readonly verdict: Handshake['verdict'] }): string {
  const { styleText } = process.getBuiltinModule('node:util'); // to import it would load worker_threads, three milliseconds of start-up
  const paint = (colour: 'green' | 'red' | 'yellow'): string => styleText(colour, line, { validateStream: false });
  if (isVerdict || line.startsWith('>')) return paint(verdict === 'accepted' ? 'green' : 'red');
  if (faultMark.test(line)) return paint('red');
  return line.startsWith('  next ') ? paint('yellow') : line;
}

/** The verdict in one line: `rejected by the server: CERT_HAS_EXPIRED (alert certificate_expired, 45, sent by the server)`. */
export function verdictSentence(handshake: Handshake): string {
  const { verdict, rejectedBy, reason, detail, alert } = handshake;
  if (verdict === 'accepted')
    return handshake.authorizationError === undefined
      ? 'accepted'
      : `accepted, although verification failed with ${handshake.authorizationError}`;
  const by = rejectedBy === undefined ? 'rejected' : `rejected by the ${rejectedBy}`;
  const why = reason ?? (alert ? 'reason not observed' : 'without a reason');
  const first = reason === undefined && detail !== undefined ? `; ${detail}` : '';
  return `${by}: ${why} (${alert ? `alert ${alert.name}, ${alert.code}, sent by the ${alert.sentBy}` : 'no alert'}${first})`;
}

function session({ protocol, cipher, group, alpn, servername, resumed, durationMs }: Handshake, time: (atMs: number) => string): string {
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

function absence(chain: readonly Uint8Array[] | undefined, otherwise: string): string {
  return chain ? 'presented what cannot be read as a certificate' : otherwise;
}

/** The name that `createPki()` gives a PKI without one. */
const randomName = /mtls-fixtures [\da-f]{6}\b/gu;
const mostRungs = 10;
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
  quiet: 'nothing contradicted within the wait, and nothing spoke for it',
};
