import type { ByteCursor } from '../../../byte-cursor.ts';
import { type ExtensionFields, readExtensionFields } from '../../../hello/hello-fields.ts';
import { extensionName } from '../../../registry/extension-types.ts';
import type { PeerState } from '../../peer-state.ts';

/** The extensions of a message of the peer, by their numbers. */
export type Extensions = ReadonlyMap<number, Uint8Array>;

/** The message that holds extensions, and those that may come where the peer may send only what was asked for. */
export interface ExtensionPlace {
  readonly what: string;
  readonly offered?: ReadonlySet<number>;
}

/** Reads the extensions that end a message. */
export function readExtensions(state: PeerState, cursor: ByteCursor, place: ExtensionPlace): Extensions {
  const isPresent = cursor.remaining > 0;
  const fields = readExtensionFields(cursor);
  state.channel.require('message-shape', isPresent, `${place.what} is malformed`, 'decode_error');
  requireWhole(state, cursor, place.what);
  return checkExtensions(state, fields, place);
}

/** Requires of extensions what holds in all messages (RFC 8446 4.2). */
export function checkExtensions(
  { channel }: PeerState,
  { list, byType, isWhole }: ExtensionFields,
  { what, offered }: ExtensionPlace,
): Extensions {
  channel.require('message-shape', isWhole, `${what} has malformed extensions`, 'decode_error');
  channel.require('duplicate-extension', byType.size === list.length, `${what} has an extension twice`, 'illegal_parameter');
  const unsolicited = list.find(({ type }) => offered?.has(type) === false);
  const name = unsolicited && extensionName(unsolicited.type);
  channel.require(
    'unsolicited-extension',
    !unsolicited,
    `${what} has the extension ${name}, which was not offered`,
    'unsupported_extension',
  );
  return byType;
}

/** Requires that a structure has been read to its end and no further. */
export function requireWhole({ channel }: PeerState, cursor: ByteCursor, what: string): void {
  channel.require('message-shape', !cursor.truncated && cursor.remaining === 0, `${what} is malformed`, 'decode_error');
}
