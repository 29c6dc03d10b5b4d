import { messageOf } from '../errors/index.ts';
import type { Handshake } from '../handshake/verdict/handshake.ts';
import { writeCapture } from './captures.ts';

/** What a failing matcher prints about a handshake: its transcript, and the path of its capture, or why there is none: that must not hide why the test failed. */
export function failureTranscript(handshake: Handshake, testName: string | undefined): string {
  const capture = captured.get(handshake) ?? captureLine(handshake, testName);
  captured.set(handshake, capture);
  return `${handshake.explain()}${capture}`;
}

/** A message may be asked for more than once. */
const captured = new WeakMap<Handshake, string>();

/** Writes a capture, and gives the line that says where it is, after a line break. */
export function captureLine(handshake: Pick<Handshake, 'toPcapng'>, testName: string | undefined): string {
  try {
    const file = writeCapture(handshake, testName);
    return file === undefined ? '' : `\n  capture     ${file} (Wireshark opens it decrypted)`;
  } catch (error) {
    return `\n  capture     none: ${messageOf(error)}`;
  }
}
