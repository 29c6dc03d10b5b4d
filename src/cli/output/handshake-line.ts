import { verdictSentence } from '../../handshake/verdict/verdict-sentence.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import { printable, printableJson } from '../../errors/printable.ts';
import { paint } from './terminal.ts';

/** One handshake in a line: the verdict, the client, the session. */
export function handshakeLine(handshake: Handshake): string {
  const { verdict, protocol, alpn, resumed, clientCertificate, servername, durationMs } = handshake;
  const client = clientCertificate ? `"${printable(clientCertificate.subject.text)}"` : 'no certificate';
  const facts = [
    protocol ?? 'no version agreed',
    servername && `for ${printable(servername)}`,
    alpn && `ALPN ${printable(alpn)}`,
    resumed && 'resumed',
    `${durationMs.toFixed(1)} ms`,
  ];
  return `${paint(verdict === 'accepted' ? 'green' : 'red', verdictSentence(handshake))}: ${client}; ${facts.filter(Boolean).join(', ')}`;
}

/** The same as a line of JSON. */
export function handshakeJson(handshake: Handshake): string {
  const { verdict, rejectedBy, reason, alert, evidence, protocol, cipher, alpn, servername, resumed, durationMs, clientCertificate } =
    handshake;
  const client = clientCertificate && {
    subject: clientCertificate.subject.text,
    issuer: clientCertificate.issuer.text,
    serialNumber: clientCertificate.serialNumber,
    notBefore: clientCertificate.notBefore,
    notAfter: clientCertificate.notAfter,
    fingerprint256: clientCertificate.fingerprint256,
  };
  return printableJson(
    JSON.stringify({ verdict, rejectedBy, reason, alert, evidence, protocol, cipher, alpn, servername, resumed, durationMs, client }),
  );
}
