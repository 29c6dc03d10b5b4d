import type { AlertName } from '../../../../wire/records/alerts.ts';
import { certificateReasons } from './certificate-reasons.ts';
import { noSharedApplicationProtocol, noSharedVersion } from './engine-reasons.ts';
import { missingCertificateAdvice } from '../missing-certificate.ts';
import { messageOf, type Refusal } from '../refusal.ts';
import { trustReasons } from './trust-reasons.ts';
import { leafOf, listed } from '../wording.ts';

/** What is known of an alert beforehand. */
interface AlertRow {
  /**
   * Whether it can be an answer to a certificate. RFC 8446 6.2 binds only a few of them, and every stack chooses its own: measured for one
   * unknown CA are unknown_ca (OpenSSL), bad_certificate (Go), certificate_unknown (Java) and access_denied (GnuTLS).
   */
  readonly answersCertificate: boolean;
  /** The next step where the alert is all that is known: `judge` sent it, about what `presenter` sent. */
  readonly next: (refusal: Refusal) => string;
}

/** Whether an alert can be an answer to a certificate. */
export function answersCertificate(alert: string): boolean {
  return rowOf(alert)?.answersCertificate ?? false;
}

/** The next step for an alert without a reason. */
export function alertAdvice(alert: string, refusal: Refusal): string {
  const { judge } = refusal;
  return rowOf(alert)?.next(refusal) ?? `the ${judge} said only "${alert}": observe the ${judge}, or read its log, for the reason`;
}

function rowOf(alert: string): AlertRow | undefined {
  return Object.hasOwn(alertRows, alert) ? alertRows[alert as AlertName] : undefined; // membership was just tested
}

const alertRows: Readonly<Record<AlertName, AlertRow>> = {
  close_notify: other(({ judge }) => `the ${judge} closed the connection: read its log for the reason`),
  unexpected_message: other(
    (refusal) => `the ${refusal.judge} did not expect ${lastOf(refusal)} at that point: look at the order of the messages above`,
  ),
  bad_record_mac: other(
    ({ judge, presenter }) =>
      `a record of the ${presenter} did not decrypt at the ${judge}: something on the way changed it, or its encryption is wrong`,
  ),
  decryption_failed: other(
    ({ judge, presenter }) =>
      `a record of the ${presenter} did not decrypt at the ${judge}: something on the way changed it, or its encryption is wrong`,
  ),
  record_overflow: other(({ presenter }) => `a record of the ${presenter} is longer than TLS allows: look at its TLS library`),
  decompression_failure: other(
    ({ judge, presenter }) => `the ${judge} could not inflate what the ${presenter} compressed: turn certificate compression off`,
  ),
  handshake_failure: about(handshakeFailure),
  no_certificate: about(missingOrRefused),
  bad_certificate: about(
    (refusal) =>
      `the ${refusal.judge} refused ${leafOf(refusal)}, and this alert does not say why: some stacks send it for an unknown CA or a wrong date too; ${inTheLog(refusal)}`,
  ),
  unsupported_certificate: about((refusal) => {
    const known = certificateReasons.INVALID_PURPOSE.faults(refusal).length > 0;
    return known
      ? certificateReasons.INVALID_PURPOSE.next(refusal)
      : `the ${refusal.judge} does not support ${leafOf(refusal)} for this use: compare its extended key usage, key type and signature algorithm with what the ${refusal.judge} takes`;
  }),
  certificate_revoked: about(
    (refusal) =>
      `${leafOf(refusal)}, or a CA above it, is revoked by a CRL or OCSP response of the ${refusal.judge}: issue another one, or update the CRL`,
  ),
  certificate_expired: about((refusal) => {
    const known = certificateReasons.CERT_HAS_EXPIRED.faults(refusal).length > 0;
    return known
      ? certificateReasons.CERT_HAS_EXPIRED.next(refusal)
      : `no certificate that the ${refusal.presenter} sent has expired by the clock here: look at a CRL or trust anchor of the ${refusal.judge} that has, and at its clock`;
  }),
  certificate_unknown: about(
    (refusal) => `the ${refusal.judge} refused ${leafOf(refusal)} for a reason that has no alert of its own; ${inTheLog(refusal)}`,
  ),
  illegal_parameter: about(
    (refusal) =>
      `the ${refusal.judge} found a value in ${lastOf(refusal)} that is not allowed: look at that message above, and at the ${refusal.judge}'s log`,
  ),
  unknown_ca: about(trustReasons.UNABLE_TO_GET_ISSUER_CERT_LOCALLY.next),
  access_denied: about(
    (refusal) =>
      `the ${refusal.judge} could verify ${leafOf(refusal)}, but does not allow it (an allow-list, a policy): add it there, or present another; GnuTLS sends this alert for an untrusted CA too`,
  ),
  decode_error: about(
    (refusal) => `the ${refusal.judge} could not read ${lastOf(refusal)}: it is malformed, or holds a certificate that is`,
  ),
  decrypt_error: about(
    (refusal) =>
      `a signature did not verify at the ${refusal.judge}: the ${refusal.presenter} signed with a key that is not that of ${leafOf(refusal)}, or the certificate's own signature is not by its issuer`,
  ),
  too_many_cids_requested: other(
    ({ judge }) => `the ${judge} was asked for too many connection ids, which belong to DTLS: look at the TLS library`,
  ),
  export_restriction: other(({ judge }) => `the ${judge} requires an export cipher suite, which TLS no longer has: update it`),
  protocol_version: other(noSharedVersion),
  insufficient_security: about(
    (refusal) =>
      `the ${refusal.judge} requires stronger cipher suites or keys than the ${refusal.presenter} has: compare ciphers and the size of the key of ${leafOf(refusal)}`,
  ),
  internal_error: other(
    (refusal) =>
      `something failed within the ${refusal.judge} after ${lastOf(refusal)}: read its log; GnuTLS sends this for a certificate that it cannot take, too`,
  ),
  inappropriate_fallback: other(
    () =>
      'the client offered a lower version after a failure (TLS_FALLBACK_SCSV), and the server takes a higher one: offer every version at once',
  ),
  user_canceled: other(({ judge }) => `the ${judge} ended the handshake on its own account: read its log for the reason`),
  no_renegotiation: other(({ judge }) => `the ${judge} does not renegotiate: ask for the client certificate in the first handshake`),
  missing_extension: other(
    (refusal) =>
      `the ${refusal.judge} misses an extension in ${lastOf(refusal)}: look at the extensions in handshake.messages, first at server_name`,
  ),
  unsupported_extension: other(
    (refusal) => `the ${refusal.judge} did not ask for an extension in ${lastOf(refusal)}: look at the extensions in handshake.messages`,
  ),
  certificate_unobtainable: other(
    ({ judge }) => `the ${judge} could not fetch the certificate from the URL that it was given: send the certificate itself`,
  ),
  unrecognized_name: other(({ handshake, judge }) =>
    handshake.servername === undefined
      ? `the ${judge} requires a host name, and the client sent none (SNI): pass servername`
      : `the ${judge} does not know the name "${handshake.servername}" that the client asked for (SNI): pass another servername, or add the name to the ${judge}`,
  ),
  bad_certificate_status_response: about(
    (refusal) =>
      `the ${refusal.judge} did not accept the OCSP response that came with ${leafOf(refusal)}: staple a fresh one, signed for that certificate`,
  ),
  bad_certificate_hash_value: other(
    ({ judge }) => `the certificate that the ${judge} fetched does not have the hash that it was given: send the certificate itself`,
  ),
  unknown_psk_identity: other(
    ({ judge }) => `the ${judge} does not know the pre-shared key that was offered: compare pskCallback on both sides`,
  ),
  certificate_required: about(missingOrRefused),
  general_error: other(({ judge }) => `something failed within the ${judge}: read its log for the reason`),
  no_application_protocol: other(noSharedApplicationProtocol),
  ech_required: other(
    ({ judge }) => `the ${judge} requires Encrypted Client Hello, which did not take place: look at the ECH configuration of both sides`,
  ),
};

function about(next: AlertRow['next']): AlertRow {
  return { answersCertificate: true, next };
}

function other(next: AlertRow['next']): AlertRow {
  return { answersCertificate: false, next };
}

function inTheLog({ judge }: Refusal): string {
  return `observe the ${judge}, or read its log, for the reason`;
}

/** The last that the other end said before the alert. */
function lastOf({ handshake, presenter }: Refusal): string {
  const last = handshake.messages.findLast(
    ({ sentBy, type }) => sentBy === presenter && !['alert', 'end_of_stream', 'change_cipher_spec'].includes(type),
  );
  return last ? `the ${presenter}'s ${last.type}` : `what the ${presenter} sent`;
}

/** A client that refuses says nothing of a client certificate: then it is the server's that is meant. */
function missingOrRefused(refusal: Refusal): string {
  if (refusal.judge === 'server' && refusal.chain.length === 0) return missingCertificateAdvice(refusal);
  return `the ${refusal.judge} requires another certificate than ${leafOf(refusal)}; ${inTheLog(refusal)}`;
}

/** Before a ServerHello nothing was in common; after a Certificate it is an answer to that, or to one that is missing (RFC 5246 7.2.2). */
function handshakeFailure(refusal: Refusal): string {
  const { handshake, judge, chain } = refusal;
  const hello = messageOf(handshake, 'client', 'client_hello');
  if (!messageOf(handshake, 'server', 'server_hello'))
    return `nothing in common: the client offered ${listed(hello?.versions ?? []) || 'no version that was seen'} with ${hello?.cipherSuites.length ?? 0} cipher suites; compare versions, ciphers, groups (ecdhCurve) and signature schemes (sigalgs) on both sides`;
  const sent = messageOf(handshake, 'client', 'certificate');
  if (
    judge === 'server' &&
    chain.length === 0 &&
    (sent ? sent.certificates.length === 0 : messageOf(handshake, 'server', 'certificate_request'))
  )
    return missingCertificateAdvice(refusal);
  return chain.length > 0
    ? `the ${judge} refused ${leafOf(refusal)}, or a parameter it came with; ${inTheLog(refusal)}`
    : `the ${judge} refused the parameters that were agreed on; ${inTheLog(refusal)}`;
}
