import { inspectCertificate } from '../../../x509/inspect-certificate.ts';
import { whyUnsent } from '../unsent-certificate.ts';
import { messageOf, type Refusal } from './refusal.ts';
import { listed, quoted } from './wording.ts';

/** The next step where the server requires a client certificate and got none: what the client had, and what the server asked for. */
export function missingCertificateAdvice({ own, handshake }: Refusal): string {
  if (own.client) {
    const why = whyUnsent(handshake.messages, own.client);
    return why === undefined
      ? `the client has a certificate and did not send it: its key${keyOf(own.client)} cannot sign with any of the signature schemes that the server accepts; use another type or size of key, such as ec-p256`
      : `the client has a certificate and did not send it: ${why}; ${remedyFor(why)}`;
  }
  const request = messageOf(handshake, 'server', 'certificate_request');
  const wanted = request && [
    request.authorities.length > 0 &&
      `CAs ${listed(
        request.authorities.map(({ text }) => quoted(text ?? 'unreadable')),
        2,
      )}`,
    request.signatureSchemes.length > 0 && `signature schemes ${listed(request.signatureSchemes, 3)}`,
  ];
  const asked = wanted?.filter((part) => part !== false).join('; ') ?? '';
  return `the client presented no certificate, and the server requires one: pass identity, or the client library's own option for key and certificate${asked === '' ? '' : ` (the server accepts ${asked})`}`;
}

function keyOf([leaf]: readonly Uint8Array[]): string {
  try {
    return leaf ? ` (${inspectCertificate(leaf).keyAlgorithm})` : '';
  } catch {
    return ''; // presented on purpose: an unreadable certificate
  }
}

function remedyFor(why: string): string {
  return why.startsWith('its key') ? 'use another type of key, or widen sigalgs of both ends' : 'present a certificate of one of these CAs';
}
