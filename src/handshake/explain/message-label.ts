import type { DecodedMessage } from '../../wire/decode/decoded-message.ts';
import { inspectChain } from '../../x509/inspect-certificate.ts';

/** What a message of a handshake is called in a ladder, in at most 160 characters; undefined for those that say nothing to a reader. */
export function messageLabel(message: DecodedMessage): string | undefined {
  const label = labels[message.type] as ((of: DecodedMessage) => string | undefined) | undefined; // of the message's own type
  const text = label?.(message);
  return text === undefined ? undefined : shorten(text, longestLabel);
}

/** Whatever a peer sends: a line of a transcript stays one. */
const longestLabel = 160;

type Labels = {
  readonly [Type in DecodedMessage['type']]?: (message: Extract<DecodedMessage, { readonly type: Type }>) => string | undefined;
};

const labels: Labels = {
  client_hello: ({ versions, servername, alpnProtocols, sessionTicket, pskIdentities }) =>
    list('ClientHello', [
      some(versions.map(shortVersion), '/'),
      servername === undefined ? 'no SNI' : `SNI ${shorten(servername)}`,
      alpnProtocols.length > 0 && `ALPN ${some(alpnProtocols, '/')}`,
      (sessionTicket === 'offered' || pskIdentities > 0) && 'offers a session',
    ]),
  server_hello: ({ version, cipherSuite, group, selectedPsk }) =>
    list('ServerHello', [shortVersion(version), cipherSuite, group, selectedPsk !== undefined && 'resumes']),
  hello_retry_request: ({ group }) => list('HelloRetryRequest', [group]),
  encrypted_extensions: ({ alpnProtocol }) => alpnProtocol && `ALPN ${shorten(alpnProtocol)}`,
  certificate_request: ({ authorities }) =>
    list('CertificateRequest', [
      authorities.length === 0
        ? 'any CA'
        : some(
            authorities.map(({ text }) => text ?? 'unreadable'),
            ' | ',
          ),
    ]),
  certificate: ({ certificates, compression }) => {
    const names = certificateNames(certificates.map(({ der }) => der));
    return list('Certificate', [compression === undefined ? names : `compressed, ${compression}: ${names}`]);
  },
  certificate_status: () => 'CertificateStatus',
  certificate_verify: ({ signatureScheme }) => list('CertificateVerify', [signatureScheme]),
  server_key_exchange: ({ group }) => list('ServerKeyExchange', [group]),
  client_key_exchange: () => 'ClientKeyExchange',
  finished: () => 'Finished',
  new_session_ticket: () => 'NewSessionTicket',
  alert: ({ name, code }) => (name === 'close_notify' ? name : `alert ${name} (${code})`),
  application_data: ({ length }) => `data, ${length} octets`,
  encrypted: ({ length }) => `encrypted, ${length} octets`,
  unreadable: ({ of, length }) => (of === 'not-tls' ? `${length} octets that are not TLS` : `unreadable ${of}`),
  other_handshake: ({ name }) => name,
  end_of_stream: ({ how, after }) => (how === 'reset' ? 'resets' : `leaves${after === 'truncated' ? ' without an alert' : ''}`),
};

function certificateNames(certificates: readonly Uint8Array[]): string {
  const [leaf, ...issuers] = certificates;
  if (!leaf) return 'none';
  return `${shorten(subjectOf(leaf))}${issuers.length === 0 ? ', alone' : ` + ${issuers.length}`}`;
}

function subjectOf(der: Uint8Array): string {
  try {
    return inspectChain([der]).subject.text || 'empty subject';
  } catch {
    return 'unreadable';
  }
}

function list(name: string, facts: readonly (string | false | undefined)[]): string {
  const known = facts.filter((fact) => fact !== undefined && fact !== false && fact !== '');
  return known.length === 0 ? name : `${name} (${known.join(', ')})`;
}

/** The first few of a list that a peer made, and how many more there are. */
function some(items: readonly string[], separator: string): string {
  const first = items.slice(0, mostItems);
  const shown = first.map((item) => shorten(item, Math.floor(longestList / first.length)));
  return items.length > shown.length ? `${shown.join(separator)} and ${items.length - shown.length} more` : shown.join(separator);
}

function shorten(text: string, most = longestName): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 3).replace(/[\uD800-\uDBFF]$/u, '')}...`; // no half of a surrogate pair
}

function shortVersion(version: string): string {
  return version.replace(/^TLSv?\s?/u, '');
}

const mostItems = 4;
const longestList = 112;
const longestName = 64;
