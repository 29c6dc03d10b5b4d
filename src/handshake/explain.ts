import type { PeerCertificate } from '../x509/inspect-certificate.ts';
import type { EndReport, Evidence } from './end-report.ts';
import type { Handshake } from './handshake.ts';
import { hintFor } from './hints.ts';

/** Both ends' story in plain text: the verdict, how it is known, what each end's API reported, the certificates, the next step. */
export function explain(handshake: Handshake, ends: { readonly server?: EndReport; readonly client?: EndReport }): string {
  const hint = hintFor(handshake);
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['reason', handshake.detail],
    ['evidence', `${handshake.evidence}: ${evidenceText[handshake.evidence]}`],
    ['session', session(handshake)],
    [
      'client',
      presented(
        handshake.clientCertificate,
        absence(ends.server?.peerChain ?? ends.client?.ownChain, ends.server ? 'presented no certificate' : 'not observed'),
      ),
    ],
    ['', chainText(handshake.clientCertificate)],
    [
      'server',
      presented(
        handshake.serverCertificate,
        absence(ends.client?.peerChain ?? ends.server?.ownChain, 'presented no certificate that was seen'),
      ),
    ],
    ['', chainText(handshake.serverCertificate)],
    ['client API', ends.client?.reported ?? 'not observed'],
    ['server API', ends.server?.reported ?? 'not observed'],
    ['next', hint],
  ];
  return [
    `Handshake ${verdictSentence(handshake)}`,
    ...lines.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label.padEnd(10)}  ${text}`])),
  ].join('\n');
}

/** The verdict in one line: `rejected by the server: CERT_HAS_EXPIRED (alert certificate_expired, 45, sent by the server)`. */
export function verdictSentence(handshake: Handshake): string {
  const { verdict, rejectedBy, reason, alert } = handshake;
  if (verdict === 'accepted')
    return handshake.authorizationError === undefined
      ? 'accepted'
      : `accepted, although verification failed with ${handshake.authorizationError}`;
  const by = rejectedBy === undefined ? 'rejected' : `rejected by the ${rejectedBy}`;
  const why = reason ?? (alert ? 'reason not observed' : 'without a reason');
  return `${by}: ${why} (${alert ? `alert ${alert.name}, ${alert.code}, sent by the ${alert.sentBy}` : 'no alert'})`;
}

function session({ protocol, cipher, group, alpn, servername, resumed, durationMs }: Handshake): string {
  const parts = [
    protocol ?? 'no version agreed',
    cipher,
    group,
    `servername ${servername ?? 'not sent'}`,
    alpn && `ALPN ${alpn}`,
    resumed ? 'resumed' : 'full handshake',
  ];
  return `${parts.filter(Boolean).join(', ')}, ${durationMs.toFixed(1)} ms`;
}

function absence(chain: readonly Uint8Array[] | undefined, otherwise: string): string {
  return chain ? 'presented what cannot be read as a certificate' : otherwise;
}

function presented(certificate: PeerCertificate | undefined, otherwise: string): string {
  if (!certificate) return otherwise;
  const { subject, issuer, notBefore, notAfter, serialNumber } = certificate;
  return `presented "${subject.text}", issued by "${issuer.text}", valid ${date(notBefore)} to ${date(notAfter)}, serial ${serialNumber}`;
}

function chainText(certificate: PeerCertificate | undefined): string | undefined {
  if (!certificate) return undefined;
  const { altNames, extendedKeyUsage, chain } = certificate;
  const names = [...altNames.dns, ...altNames.ip, ...altNames.uri, ...altNames.email];
  const issuers = chain.map(({ subject }) => `"${subject.text}"`).join(' <- ');
  const usage = extendedKeyUsage?.join(', ') ?? 'any';
  return `names ${names.join(', ') || 'none'}; usage ${usage}; chain seen ${issuers || 'none'}`;
}

function date(value: Date): string {
  return value.toISOString().replace('.000Z', 'Z');
}

const evidenceText: Readonly<Record<Evidence, string>> = {
  'server-observed': "the server's own judgement was observed",
  'client-observed': "the client's own judgement was observed",
  'application-data': 'the peer sent application data after the handshake',
  'session-ticket': 'the server issued a session ticket, which follows its judgement',
  'server-finished': "the server's Finished arrived, which in TLS 1.2 follows its judgement",
  alert: 'a fatal alert arrived',
  closed: 'the peer closed the connection without an alert and without data',
  reset: 'the peer reset the connection',
  quiet: 'nothing contradicted within the quiet period',
};
