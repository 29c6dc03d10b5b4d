import type { Ends } from '../end-report.ts';
import type { HandshakeFacts } from '../handshake-facts.ts';
import { alertAdvice } from './tables/alert-reasons.ts';
import { adviceFor } from './reasons.ts';
import { messageOf, type Refusal } from './refusal.ts';
import { missingCertificateAdvice } from './missing-certificate.ts';

/** One sentence: what to change, for a reader whose test failed. `refusal` is what is known of a refused or unverified peer, where there is one. */
export function nextStep(handshake: HandshakeFacts, ends: Ends, refusal: Refusal | undefined): string | undefined {
  if (handshake.verdict === 'accepted') return afterAcceptance(handshake, ends, refusal);
  if (!refusal) return 'which end ended the connection was not seen: observe both ends for the reason';
  const { reason, alert } = handshake;
  if (reason !== undefined) return adviceFor(refusal);
  const afterwards = refusedAfterCompleting(handshake);
  if (alert) return afterwards ? `${afterwards}; ${alertAdvice(alert.name, refusal)}` : alertAdvice(alert.name, refusal);
  return afterwards ?? silentRefusal(refusal);
}

function afterAcceptance(handshake: HandshakeFacts, { server, client }: Ends, refusal: Refusal | undefined): string | undefined {
  if (refusal)
    return `the server accepts clients that it could not verify; set clientAuth: "require" (rejectUnauthorized: true) where it must not; here ${adviceFor(refusal)}`;
  if (handshake.evidence === 'quiet')
    return server && !client
      ? 'the client completed the handshake and said nothing, which is weak evidence that it accepted: let it exchange data, or observe it too'
      : 'nothing contradicted within the quiet period, which is weak evidence: observe the server too, or let the client exchange data with it';
  if (handshake.evidence === 'closed')
    return 'the client closed without sending data: some check the host name only after the handshake; let it exchange data';
  return wentWithout(handshake)
    ? 'the server asked for a client certificate, got none, and went on; where it must not, set clientAuth: "require" (rejectUnauthorized: true)'
    : undefined;
}

/** The server asked for a certificate, and let the client in without. */
function wentWithout({ clientCertificate, messages, resumed }: HandshakeFacts): boolean {
  return !resumed && clientCertificate === undefined && messages.some(({ type }) => type === 'certificate_request');
}

/** A server that had completed the handshake, by its ticket or by TLS 1.2's Finished, and ended the connection then. */
function refusedAfterCompleting(handshake: HandshakeFacts): string | undefined {
  if (handshake.rejectedBy !== 'server') return undefined;
  const completed =
    handshake.protocol === 'TLSv1.3' ? messageOf(handshake, 'server', 'new_session_ticket') : messageOf(handshake, 'server', 'finished');
  if (!completed || (handshake.resumed && handshake.protocol !== 'TLSv1.3')) return undefined;
  const how = handshake.alert ? `sent the alert ${handshake.alert.name}` : 'closed the connection';
  return `the server completed the handshake and then ${how}: it probably verified afterwards; look at its log`;
}

/** No reason, and no alert. */
function silentRefusal(refusal: Refusal): string {
  const { judge, handshake, chain } = refusal;
  if (judge === 'client')
    return 'the client left without an alert and without data, as Node and curl do when they refuse a server; look at its own error';
  const request = messageOf(handshake, 'server', 'certificate_request');
  if (request && chain.length === 0 && messageOf(handshake, 'client', 'certificate'))
    return `the server left without an alert after an empty Certificate: ${missingCertificateAdvice(refusal)}`;
  return 'the server left without an alert, as plain Node servers do; observe it, or read its log, for the reason';
}
