import type { CapturedChunk } from '../../wire/tap/capture.ts';
import { serverHelloOf } from '../../wire/hello/hello.ts';
import { plaintextHandshakeMessages } from '../../wire/handshake-messages.ts';
import { handshakeType } from '../../wire/registry/handshake-types.ts';
import { recordsOf } from '../../wire/records/tls-record.ts';

/**
 * Whether a server can have judged its client: the client's last flight, with its Certificate where one was asked for and its Finished, has been written. A server that
 * leaves before has judged nothing (it may have crashed, or a middlebox cut the connection).
 */
export function couldBeJudged(chunks: readonly CapturedChunk[]): boolean {
  const records = recordsOf(chunks);
  const version = serverHelloOf(records)?.version;
  if (version === undefined) return false;
  const answered = records.filter(({ sentBy }) => sentBy === 'client');
  // In TLS 1.3 that flight is the first under keys; a change_cipher_spec means nothing there (RFC 8446 5).
  if (version === 'TLSv1.3') return answered.some(({ type }) => type === 'application_data');
  return (
    answered.some(({ type }) => type === 'change_cipher_spec') ||
    plaintextHandshakeMessages(records, 'client').some(({ type }) => type !== handshakeType.client_hello)
  );
}
