import type { DecodedMessage } from '../wire/decode/decoded-message.ts';
import { inspectCertificate } from '../x509/inspect-certificate.ts';

/** What a message of a handshake is called in a ladder; nothing for those that tell no reader anything. */
export function messageLabel(message: DecodedMessage): string | undefined {
  const label = labels[message.type] as ((of: DecodedMessage) => string | undefined) | undefined; // of the message's own type
  return label?.(message);
}

type Labels = {
  readonly [Type in DecodedMessage['type']]?: (message: Extract<DecodedMessage, { readonly type: Type }>) => string | undefined;
};

const labels: Labels = {
  client_hello: ({ versions, servername, alpnProtocols, sessionTicket, pskIdentities }) =>
    list('ClientHello', [
      versions.map(shortVersion).join('/'),
      servername === undefined ? 'no SNI' : `SNI ${servername}`,
      alpnProtocols.length > 0 && `ALPN ${alpnProtocols.join('/')}`,
      (sessionTicket === 'offered' || pskIdentities > 0) && 'offers a session',
    ]),
  server_hello: ({ version, cipherSuite, group, selectedPsk }) =>
    list('ServerHello', [shortVersion(version), cipherSuite, group, selectedPsk !== undefined && 'resumes']),
  hello_retry_request: ({ group }) => list('HelloRetryRequest', [group]),
  encrypted_extensions: ({ alpnProtocol }) => alpnProtocol && `ALPN ${alpnProtocol}`,
  certificate_request: ({ authorities }) =>
    list('CertificateRequest', [authorities.length === 0 ? 'any CA' : authorities.map(({ text }) => text ?? 'unreadable').join(' | ')]),
  certificate: ({ certificates }) => list('Certificate', [certificateNames(certificates.map(({ der }) => der))]),
  certificate_status: () => 'CertificateStatus',
  certificate_verify: ({ signatureScheme }) => list('CertificateVerify', [signatureScheme]),
  server_key_exchange: ({ group }) => list('ServerKeyExchange', [group]),
  client_key_exchange: () => 'ClientKeyExchange',
  finished: () => 'Finished',
  new_session_ticket: () => 'NewSessionTicket',
  alert: ({ name, code }) => (name === 'close_notify' ? name : `alert ${name} (${code})`),
  application_data: ({ length }) => `data, ${length} octets`,
  encrypted: ({ length }) => `encrypted, ${length} octets`,
  unreadable: ({ of, length }) => (of === 'not-tls' ? `${length} octets that are no TLS` : `unreadable ${of}`),
  other_handshake: ({ name }) => name,
  end_of_stream: ({ how, after }) => (how === 'reset' ? 'resets' : `leaves${after === 'truncated' ? ' without an alert' : ''}`),
};

function certificateNames(certificates: readonly Uint8Array[]): string {
  const [leaf, ...issuers] = certificates;
  if (!leaf) return 'none';
  return `${subjectOf(leaf)}${issuers.length === 0 ? ', alone' : ` + ${issuers.length}`}`;
}

function subjectOf(der: Uint8Array): string {
  try {
    return inspectCertificate(der).subject.text || 'empty subject';
  } catch {
    return 'unreadable';
  }
}

function list(name: string, facts: readonly (string | false | undefined)[]): string {
  const told = facts.filter((fact) => fact !== undefined && fact !== false && fact !== '');
  return told.length === 0 ? name : `${name} (${told.join(', ')})`;
}

function shortVersion(version: string): string {
  return version.replace(/^TLSv?\s?/u, '');
}
