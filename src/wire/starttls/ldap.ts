import { type DerElement, readDer } from '../../asn1/der-reader.ts';
import { contextPrimitive, element, integer, sequence } from '../../asn1/der-writer.ts';
import type { ClearText } from './clear-text.ts';

/** Asks an LDAP server for TLS by the extended operation StartTLS (RFC 4511 4.14). */
export async function negotiateLdap(clear: ClearText): Promise<void> {
  const requestName = contextPrimitive(0, Buffer.from(startTls, 'latin1'));
  clear.send(sequence(integer(messageId), element(extendedRequest, requestName)));
  const message = await readMessage(clear);
  const result = readResult(message);
  if (result === undefined) throw clear.failed(foreign, message);
  if (result.messageId === 0n || result.code !== 0n) throw clear.refused(result.words);
}

/** One LDAPMessage: its length may be written in more octets than DER would (RFC 4511 5.1), but always in a definite form. */
async function readMessage(clear: ClearText): Promise<Buffer> {
  const head = await clear.octets(2);
  const [tag, length = 0] = head;
  const octets = length & 0x80 ? length & 0x7f : 0;
  if (tag !== 0x30 || length === 0x80 || octets > 4) throw clear.failed(foreign, head);
  const extension = await clear.octets(octets);
  const contentLength = octets === 0 ? length : extension.readUIntBE(0, octets);
  if (contentLength > longestMessage) throw clear.failed(foreign, head);
  const rest = await clear.octets(contentLength);
  return Buffer.concat([head, extension, rest]);
}

/** What an ExtendedResponse says; number 0 is a notice of disconnection (RFC 4511 4.4.1). Undefined for anything else. */
function readResult(message: Uint8Array): { readonly messageId: bigint; readonly code: bigint; readonly words: string } | undefined {
  try {
    const [id, response] = readDer(message, 'LDAP message').children;
    const [code, , diagnostic] = response?.expect(extendedResponse, 'the answer').children ?? [];
    const messageIdSeen = id?.expect(0x02, 'the message number').integer;
    if (!code || !diagnostic || (messageIdSeen !== BigInt(messageId) && messageIdSeen !== 0n)) return undefined;
    const number = code.expect(0x0a, 'the result code').integer;
    return { messageId: messageIdSeen, code: number, words: `${resultName(number)}: ${utf8(diagnostic)}` };
  } catch {
    return undefined;
  }
}

function resultName(code: bigint): string {
  return `${resultNames.get(code) ?? 'result'} (${code})`;
}

function utf8({ content }: DerElement): string {
  return Buffer.from(content).toString('utf8');
}

const foreign = 'does not speak LDAP';
const longestMessage = 2 ** 14;
const startTls = '1.3.6.1.4.1.1466.20037';
const messageId = 1;
const extendedRequest = 0x77; // [APPLICATION 23], constructed
const extendedResponse = 0x78; // [APPLICATION 24], constructed

/** Those that a server gives for StartTLS (RFC 4511 4.14.2, 4.1.9). */
const resultNames: ReadonlyMap<bigint, string> = new Map([
  [0n, 'success'],
  [1n, 'operationsError'],
  [2n, 'protocolError'],
  [8n, 'strongerAuthRequired'],
  [10n, 'referral'],
  [51n, 'busy'],
  [52n, 'unavailable'],
  [53n, 'unwillingToPerform'],
  [80n, 'other'],
]);
