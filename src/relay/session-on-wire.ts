import type { SessionFacts } from '../handshake/verdict/end-report.ts';
import type { DecodedMessage } from '../wire/decode/decoded-message.ts';

/** What two peers agreed on, as far as it could be read. */
export function sessionOnWire(messages: readonly DecodedMessage[]): SessionFacts {
  const [client, server] = [find(messages, 'client_hello'), find(messages, 'server_hello')];
  const alpn = find(messages, 'encrypted_extensions')?.alpnProtocol ?? server?.alpnProtocol;
  const hasCertificate = messages.some(({ type, sentBy }) => type === 'certificate' && sentBy === 'server');
  return {
    ...(server && { protocol: server.version, cipher: opensslName(server.cipherSuite) }),
    ...(alpn !== undefined && { alpn }),
    ...(client?.servername !== undefined && { servername: client.servername }),
    resumed: server !== undefined && isResumed(client?.sessionId ?? '', server) && !hasCertificate,
  };
}

/** Whether the server takes up a session. TLS 1.3 names the key; TLS 1.2 repeats the client's session id, which a ticket of RFC 5077 comes with too. */
export function isResumed(offered: string, { version, selectedPsk, sessionId }: Message<'server_hello'>): boolean {
  return version === 'TLSv1.3' ? selectedPsk !== undefined : sessionId !== '' && sessionId === offered;
}

/** `ECDHE-RSA-AES128-GCM-SHA256` of `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`; the names of TLS 1.3 are the same. */
function opensslName(suite: string): string {
  const [, exchange = '', rest = ''] = /^TLS_(.+)_WITH_(.+)$/u.exec(suite) ?? [];
  if (rest === '') return suite;
  const cipher = rest
    .replace(/^(AES|CAMELLIA|ARIA)_(\d+)/u, '$1$2')
    .replace('_CBC', '')
    .replace(/^CHACHA20_POLY1305_SHA256$/u, 'CHACHA20_POLY1305')
    .replace('_CCM_8', '_CCM8');
  return [...(exchange === 'RSA' ? [] : [exchange]), cipher].join('-').replaceAll('_', '-');
}

type Message<Type extends DecodedMessage['type']> = Extract<DecodedMessage, { type: Type }>;

/** The last of a kind: after a HelloRetryRequest the second hello counts. */
function find<Type extends DecodedMessage['type']>(messages: readonly DecodedMessage[], type: Type): Message<Type> | undefined {
  return messages.findLast((message): message is Message<Type> => message.type === type);
}
