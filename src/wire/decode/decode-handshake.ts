import type { Side } from '../tap/capture.ts';
import type { HandshakeMessage } from '../handshake-messages.ts';
import type { TlsRecord } from '../records/tls-record.ts';
import { AgreedParameters } from './agreed-parameters.ts';
import type { DecodedMessage, MessageContent } from './decoded-message.ts';
import { MessageAssembler } from './message-assembler.ts';
import { readAlerts } from './read-alerts.ts';
import { readHandshakeMessage } from './messages/read-handshake-message.ts';
import { contentType } from '../registry/content-types.ts';
import { handshakeTypeName } from '../registry/handshake-types.ts';
import type { RecordOpener } from './record-opener.ts';
import { closureOf, type StreamEnd } from './stream-end.ts';
import { Tls13Opener } from './tls13-opener.ts';

/**
 * What both sides of a connection said, in the order in which it was complete: what is encrypted is opened with the secrets of the key log
 * (TLS 1.3 with AES-GCM or ChaCha20, TLS 1.2 with those suites that {@link tls12Protection} knows), the rest is said to be closed and why.
 * Takes any bytes: what is malformed becomes a message with a note. The time it takes grows with the bytes and no faster.
 */
export function decodeHandshake(records: readonly TlsRecord[], options: DecodeOptions = {}): readonly DecodedMessage[] {
  const decoder = new HandshakeDecoder(options.keyLog);
  for (const record of records) decoder.read(record);
  decoder.end(options.ends ?? []);
  return decoder.messages;
}

/** What is known besides the records. */
export interface DecodeOptions {
  /** Lines of an SSLKEYLOGFILE, as Node's `keylog` events give them; those of other connections are passed over. */
  readonly keyLog?: string | undefined;
  /** How the sides left, where that was seen: each becomes a message that tells close_notify from truncation. */
  readonly ends?: readonly StreamEnd[];
}

class HandshakeDecoder {
  readonly messages: DecodedMessage[] = [];
  readonly #agreed: AgreedParameters;
  readonly #sides: Readonly<Record<Side, SideState>> = { client: newSide(), server: newSide() };

  constructor(keyLog: string | undefined) {
    this.#agreed = new AgreedParameters(keyLog);
  }

  read(record: TlsRecord): void {
    const side = this.#sides[record.sentBy];
    side.lastRecord = record;
    if (record.type === 'not-tls') this.#push(record, { type: 'unreadable', of: 'not-tls', length: record.length });
    else if (this.#isProtected(record, side)) this.#readProtected(record, record.type, side);
    else
      this.#readContent({
        record,
        type: contentType[record.type],
        content: record.fragment,
        encrypted: false,
        notes: this.#plainNotes(record),
      });
  }

  end(ends: readonly StreamEnd[]): void {
    for (const sentBy of ['client', 'server'] as const)
      this.#dropPending(sentBy, 'the connection or the capture ended within this message');
    const messages = ends.map((end) => this.#endOfStream(end));
    this.messages.push(...messages.toSorted((a, b) => a.atMs - b.atMs));
  }

  #endOfStream(end: StreamEnd): DecodedMessage {
    const { sentBy, how, atMs = this.#sides[sentBy].lastRecord?.atMs ?? 0 } = end;
    return { type: 'end_of_stream', how, after: closureOf(this.messages, end), sentBy, atMs, encrypted: false };
  }

  #isProtected({ type, fragment }: TlsRecord, { opener }: SideState): boolean {
    if (type === 'application_data') return opener !== undefined || this.#agreed.version === undefined || this.#agreed.isTls13;
    // An alert of two octets is too short for any of TLS 1.2's protections: an end that knows no better sent it in the clear.
    return opener !== undefined && !this.#agreed.isTls13 && !(type === 'alert' && fragment.length === plainAlertLength);
  }

  #plainNotes({ sentBy, type }: TlsRecord): string[] {
    const { opener } = this.#sides[sentBy];
    if (!opener || (this.#agreed.isTls13 && type === 'change_cipher_spec')) return [];
    return ['in the clear, although this side had keys'];
  }

  #readProtected(record: TlsRecord, recordType: ProtectedType, side: SideState): void {
    const closed = (problem: string): void =>
      this.#push(record, { type: 'encrypted', recordType, length: record.length }, { encrypted: true, notes: [problem] });
    if (record.fragment.length < record.length) return closed('it is not whole');
    if (!side.opener) return closed("before the server's hello: early data, or nothing that belongs there");
    const opened = side.opener.open(record);
    if ('problem' in opened) return closed(opened.problem);
    this.#readContent({
      record,
      type: opened.type,
      content: opened.content,
      encrypted: true,
      notes: opened.note === undefined ? [] : [opened.note],
    });
  }

  #readContent(read: RecordContent): void {
    const { record, type, content, encrypted, notes } = read;
    if (type !== contentType.handshake && this.#sides[record.sentBy].assembler.pending > 0)
      this.#dropPending(record.sentBy, 'another record came within this message');
    if (type === contentType.handshake) this.#readHandshake(read);
    else if (type === contentType.alert)
      for (const alert of readAlerts(content)) this.#push(record, alert.content, { encrypted, notes: [...notes, ...alert.notes] });
    else if (type === contentType.change_cipher_spec) this.#readChangeCipherSpec(read);
    else if (type === contentType.application_data) this.#push(record, { type: 'application_data', length: content.length }, read);
    else
      this.#push(
        record,
        { type: 'unreadable', of: type === contentType.heartbeat ? 'heartbeat' : `content_${type}`, length: content.length },
        read,
      );
  }

  #readHandshake({ record, content, encrypted, notes }: RecordContent): void {
    const side = this.#sides[record.sentBy];
    if (content.length === 0) {
      this.#push(record, { type: 'unreadable', of: 'handshake', length: 0 }, { encrypted, notes: [...notes, 'an empty record'] });
      return;
    }
    if (side.assembler.pending > 0 && side.isPendingEncrypted !== encrypted)
      this.#dropPending(record.sentBy, 'the keys changed within this message');
    side.isPendingEncrypted = encrypted;
    for (const message of side.assembler.push(content)) this.#readMessage(message, { record, encrypted, notes });
  }

  #readMessage(message: HandshakeMessage, { record, encrypted, notes }: Omit<RecordContent, 'content' | 'type'>): void {
    const { sentBy } = record;
    const read = readHandshakeMessage(message, this.#agreed);
    const misplaced = senders.get(read.content.type) === otherSide[sentBy] ? [`only the ${otherSide[sentBy]} sends this`] : [];
    this.#push(record, read.content, { encrypted, notes: [...notes, ...misplaced, ...read.notes] });
    if (misplaced.length > 0) return;
    const { opener } = this.#sides[sentBy];
    if (read.content.type === 'client_hello') this.#agreed.clientHello(message, read.content);
    else if (read.content.type === 'server_hello') this.#serverHello(message, read.content);
    else if (encrypted && opener instanceof Tls13Opener) {
      if (read.content.type === 'finished') opener.finished();
      if (read.content.type === 'key_update') opener.updateKey();
    }
  }

  #serverHello(message: HandshakeMessage, content: Extract<MessageContent, { type: 'server_hello' }>): void {
    if (this.#agreed.isTls13 && this.#sides.server.opener) return; // a second one, which no client accepts
    this.#agreed.serverHello(message, content);
    if (!this.#agreed.isTls13) return;
    for (const side of ['client', 'server'] as const) this.#sides[side].opener = this.#agreed.tls13Opener(side);
  }

  #readChangeCipherSpec({ record, content, encrypted, notes }: RecordContent): void {
    const isWhole = content.length === 1 && content[0] === 1;
    this.#push(
      record,
      isWhole ? { type: 'change_cipher_spec' } : { type: 'unreadable', of: 'change_cipher_spec', length: content.length },
      {
        encrypted,
        notes: isWhole ? notes : [...notes, 'malformed'],
      },
    );
    // In TLS 1.3 it means nothing (RFC 8446 5); before the server's hello it can only be one of TLS 1.3.
    if (isWhole && this.#agreed.version !== undefined && !this.#agreed.isTls13)
      this.#sides[record.sentBy].opener = this.#agreed.tls12Opener(record.sentBy);
  }

  #dropPending(sentBy: Side, note: string): void {
    const { assembler, lastRecord, isPendingEncrypted } = this.#sides[sentBy];
    if (assembler.pending === 0 || !lastRecord) return;
    const { type, length } = assembler.drop();
    const of = type === undefined ? 'handshake' : handshakeTypeName(type);
    this.#push(lastRecord, { type: 'unreadable', of, length }, { encrypted: isPendingEncrypted, notes: [note] });
  }

  #push(
    { sentBy, atMs, note }: TlsRecord,
    content: MessageContent,
    how: { readonly encrypted: boolean; readonly notes: readonly string[] } = clear,
  ): void {
    const notes = note === undefined ? how.notes : [note, ...how.notes];
    this.messages.push({ ...content, sentBy, atMs, encrypted: how.encrypted, ...(notes.length > 0 && { note: notes.join('; ') }) });
  }
}

/** What has been seen of one side. */
interface SideState {
  readonly assembler: MessageAssembler;
  opener: RecordOpener | undefined;
  isPendingEncrypted: boolean;
  lastRecord: TlsRecord | undefined;
}

type ProtectedType = Exclude<TlsRecord['type'], 'not-tls'>;

/** The content of a record, opened where it was encrypted. */
interface RecordContent {
  readonly record: TlsRecord;
  readonly type: number;
  readonly content: Uint8Array;
  readonly encrypted: boolean;
  readonly notes: readonly string[];
}

function newSide(): SideState {
  return { assembler: new MessageAssembler(), opener: undefined, isPendingEncrypted: false, lastRecord: undefined };
}

const plainAlertLength = 2;
const clear = { encrypted: false, notes: [] } as const;
const otherSide = { client: 'server', server: 'client' } as const;

/** The messages that only one side sends (RFC 8446 4, RFC 5246 7.4). */
const senders: ReadonlyMap<MessageContent['type'], Side> = new Map([
  ['client_hello', 'client'],
  ['client_key_exchange', 'client'],
  ['end_of_early_data', 'client'],
  ['hello_request', 'server'],
  ['server_hello', 'server'],
  ['hello_retry_request', 'server'],
  ['encrypted_extensions', 'server'],
  ['certificate_request', 'server'],
  ['certificate_status', 'server'],
  ['server_key_exchange', 'server'],
  ['server_hello_done', 'server'],
  ['new_session_ticket', 'server'],
]);
