import { extensionType } from '../../../registry/extension-types.ts';
import type { Transcript } from '../../transcript.ts';
import { binderKey, finishedMac } from './key-schedule.ts';

/** What a binder proves the knowledge of. */
export interface OfferedKey {
  readonly hash: string;
  readonly key: Buffer;
}

/** Octets of the binders of one pre-shared key at the end of a ClientHello: both lengths and the binder. */
export function bindersLength(hash: string): number {
  return 2 + 1 + (hash === 'sha384' ? 48 : 32);
}

/** The binder over a ClientHello up to its binders, after what came before (RFC 8446 4.2.11.2). */
export function binderOf(helloUpToBinders: Buffer, before: Transcript, { hash, key }: OfferedKey): Buffer {
  const transcript = before.copy();
  transcript.add(helloUpToBinders);
  return finishedMac(hash, binderKey(hash, key), transcript.hash(hash));
}

/** Fills the binder in where the hello still ends with the room for it: an edit may have written another one, or left the extension out. */
export function completeBinders(hello: Buffer, before: Transcript, offered: OfferedKey): Buffer {
  const room = Buffer.alloc(bindersLength(offered.hash));
  room.writeUInt16BE(room.length - 2, 0);
  room.writeUInt8(room.length - 3, 2);
  const at = hello.length - room.length;
  if (!hello.subarray(Math.max(at, 0)).equals(room) || !hello.includes(preSharedKeyNumber)) return hello;
  return Buffer.concat([hello.subarray(0, at), room.subarray(0, 3), binderOf(hello.subarray(0, at), before, offered)]);
}

const preSharedKeyNumber = Buffer.from([0, extensionType.pre_shared_key]);
