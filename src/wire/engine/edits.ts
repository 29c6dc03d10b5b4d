import type { KeyObject } from 'node:crypto';
import { MtlsFixturesError } from '../../errors/index.ts';
import { ByteCursor } from '../byte-cursor.ts';
import { type SignatureScheme, signatureSchemes } from '../registry/names.ts';
import { encodeUint, encodeVector } from '../tls-encoding.ts';
import { encodeMessage } from './encode-message.ts';
import type { FlightContext, FlightEdit, FlightMessage, MessageName } from './flight.ts';

/** Leaves a message out. */
export function leaveOut(name: MessageName): FlightEdit {
  return replace(name, () => []);
}

/** Sends a message twice. */
export function repeat(name: MessageName): FlightEdit {
  return replace(name, (message) => [message, message]);
}

/** Exchanges the places of two messages. */
export function swap(first: MessageName, second: MessageName): FlightEdit {
  return (messages, context) => {
    const [one, other] = [placeOf(first, messages, context), placeOf(second, messages, context)];
    return messages.map((message, at) => messages[at === one ? other : at === other ? one : at] ?? message);
  };
}

/** Sends another message before the one named. */
export function insertBefore(name: MessageName, inserted: FlightMessage): FlightEdit {
  return replace(name, (message) => [inserted, message]);
}

/** Sends another message after the one named. */
export function insertAfter(name: MessageName, inserted: FlightMessage): FlightEdit {
  return replace(name, (message) => [message, inserted]);
}

/** Sends a message earlier: before another one. */
export function moveBefore(name: MessageName, other: MessageName): FlightEdit {
  return (messages, context) => {
    const moved = messages[placeOf(name, messages, context)];
    const rest = messages.filter((message) => message !== moved);
    return rest.toSpliced(placeOf(other, rest, context), 0, ...(moved ? [moved] : []));
  };
}

/** Sends another body in place of the one that a conforming peer would send. */
export function alterBody(name: MessageName, alter: (body: Buffer, context: FlightContext) => Uint8Array): FlightEdit {
  return change(name, (message) => ({ body: (context) => alter(Buffer.from(message.body(context)), context) }));
}

/** Sends other octets in place of the whole message, its header included. */
export function alterRaw(name: MessageName, alter: (message: Buffer, context: FlightContext) => Uint8Array): FlightEdit {
  return change(name, (message) => ({ raw: (context) => alter(encodeMessage(message, context), context) }));
}

/** Sends a message in records of these sizes, the rest in one more. */
export function fragment(name: MessageName, sizes: readonly number[]): FlightEdit {
  return change(name, () => ({ fragments: sizes }));
}

/** Changes how a message travels: its keys, the form of its records, whether it is joined to the one before it, or counted in the transcript. */
export function change(name: MessageName, fields: (message: FlightMessage) => Partial<FlightMessage>): FlightEdit {
  return replace(name, (message) => [{ ...message, ...fields(message) }]);
}

/** How a signature is made again; what is not given stays as it is. */
export interface SignAsOptions {
  /** Signed with, and written in the message. */
  readonly scheme?: SignatureScheme;
  /** The scheme or number that is written, where it is not the one that is signed with. */
  readonly written?: SignatureScheme | number;
  /** The hash to sign with, where it is not that of the scheme. */
  readonly hash?: string;
  readonly key?: KeyObject;
  /** What is signed, in place of what has to be. */
  readonly content?: (content: Buffer, context: FlightContext) => Uint8Array;
}

/** Makes the signature of CertificateVerify again, or of ServerKeyExchange where the flight has no CertificateVerify. */
export function signAs(options: SignAsOptions): FlightEdit {
  return (messages, context) => {
    const inKeyExchange =
      !messages.some(({ name }) => name === 'certificate_verify') && messages.some(({ name }) => name === 'server_key_exchange');
    const edit = inKeyExchange
      ? alterBody('server_key_exchange', (body, at) => signedKeyExchange(body, at, options))
      : alterBody('certificate_verify', (_, at) => signature(at.signedContent(), at, options));
    return edit(messages, context);
  };
}

/** Applies edits one after another to the same flight. */
export function inOrder(...edits: readonly FlightEdit[]): FlightEdit {
  return (messages, context) => {
    let edited = messages;
    for (const edit of edits) edited = edit(edited, context);
    return edited;
  };
}

/** The parameters and the signature over both randoms and them (RFC 8422 5.4). */
function signedKeyExchange(body: Buffer, context: FlightContext, options: SignAsOptions): Buffer {
  const cursor = new ByteCursor(body);
  cursor.take(3); // the kind of curve and its name
  cursor.vector(1); // the public key
  const parameters = body.subarray(0, body.length - cursor.remaining);
  const randoms = [context.received('client_hello'), context.sent('server_hello')].map((hello) =>
    (hello ?? Buffer.alloc(34)).subarray(2, 34),
  );
  return Buffer.concat([parameters, signature(Buffer.concat([...randoms, parameters]), context, options)]);
}

function signature(content: Buffer, context: FlightContext, options: SignAsOptions): Buffer {
  const { scheme = context.signatureScheme(), written = scheme, hash, key } = options;
  const signed = context.sign({
    scheme,
    ...(hash !== undefined && { hash }),
    ...(key && { key }),
    content: options.content?.(content, context) ?? content,
  });
  return Buffer.concat([encodeUint(2, typeof written === 'number' ? written : signatureSchemes[written]), encodeVector(2, signed)]);
}

function replace(name: MessageName, by: (message: FlightMessage) => readonly FlightMessage[]): FlightEdit {
  return (messages, context) => {
    const place = placeOf(name, messages, context);
    return messages.flatMap((message, at) => (at === place ? by(message) : [message]));
  };
}

/** Where the first message of a name is. */
function placeOf(name: MessageName, messages: readonly FlightMessage[], { flight }: FlightContext): number {
  const place = messages.findIndex((message) => message.name === name);
  if (place >= 0) return place;
  const present = messages.map((message) => message.name);
  throw new MtlsFixturesError('FLIGHT_EDIT_INVALID', { flight, message: name, problem: `the flight holds ${present.join(', ')}`, present });
}
