import type { Incoming } from './channel/incoming.ts';
import type { RecordProtection } from './channel/record-protection.ts';
import type { MessageName, WriteKeys } from './flight.ts';

/** What a version of the protocol defines for the messages of one side; the state of the peer asks it. */
export interface VersionRules {
  /** The hash of the transcript, of the cipher suite; sha256 before there is one. */
  readonly hash: string;
  /** What a CertificateVerify of this side signs now. */
  signedContent(): Buffer;
  /** The verify_data of a Finished of this side now. */
  verifyData(): Buffer;
  /** The keys that a message of this name is sent under now. */
  keysFor(name: MessageName): WriteKeys;
  protectionOf(keys: WriteKeys): RecordProtection;
  /** What has to be computed over the message itself, once nothing of it changes any more: the binders of TLS 1.3. */
  complete(name: MessageName, octets: Buffer): Buffer;
  /** Called when a message has entered the transcript: keys may change with it. */
  sent(name: MessageName): void;
  /** Whether a message is part of the transcript. */
  isInTranscript(name: MessageName): boolean;
  /** Whether a message of the peer counts as nothing where it came. */
  isIgnored(message: Incoming): boolean;
}
