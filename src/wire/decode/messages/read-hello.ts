import type { ByteCursor } from '../../byte-cursor.ts';
import { helloRetryRequestRandom } from '../../handshake-messages.ts';
import type { ClientHelloMessage, EncryptedExtensionsMessage, HelloRetryRequestMessage, ServerHelloMessage } from '../decoded-message.ts';
import { type ExtensionList, extensionType, readExtensions } from './extension-list.ts';
import type { MessageBody } from './message-body.ts';
import { cipherSuiteName, groupName, pskModeName, signatureSchemeName, versionName } from './names.ts';
import { hex, hexVector, listOf, namesOf } from './vectors.ts';

/** Reads a ClientHello; undefined where it is malformed. */
export function readClientHello({ cursor, notes }: MessageBody): ClientHelloMessage | undefined {
  const legacyVersion = versionName(cursor.uint(2));
  const random = hex(cursor.take(randomLength));
  const sessionId = hexVector(cursor, 1);
  const cipherSuites = namesOf(cursor.vector(2), cipherSuiteName);
  cursor.vector(1); // compression methods, of which nobody has any
  const extensions = readExtensions(cursor, notes);
  if (!cipherSuites || !extensions) return undefined;

  const names = (type: number, lengthOctets: 1 | 2, name: (number: number) => string): readonly string[] =>
    extensions.read(type, (extension) => namesOf(extension.vector(lengthOctets), name)) ?? [];
  const versions = extensions.has(extensionType.supportedVersions)
    ? names(extensionType.supportedVersions, 1, versionName)
    : [legacyVersion];
  const servername = extensions.read(extensionType.serverName, hostName);
  return {
    type: 'client_hello',
    versions,
    random,
    sessionId,
    cipherSuites,
    groups: names(extensionType.supportedGroups, 2, groupName),
    signatureSchemes: names(extensionType.signatureAlgorithms, 2, signatureSchemeName),
    certificateSignatureSchemes: names(extensionType.signatureAlgorithmsCert, 2, signatureSchemeName),
    ...(servername !== undefined && { servername }),
    alpnProtocols: extensions.read(extensionType.alpn, protocolNames) ?? [],
    keyShares: extensions.read(extensionType.keyShare, (extension) => listOf(extension.vector(2), keyShareGroup)) ?? [],
    sessionTicket: extensions.read(extensionType.sessionTicket, ticketState) ?? 'absent',
    pskIdentities: extensions.read(extensionType.preSharedKey, identityCount) ?? 0,
    pskModes: extensions.read(extensionType.pskModes, (extension) => listOf(extension.vector(1), pskMode)) ?? [],
    earlyData: extensions.has(extensionType.earlyData),
    extensions: extensions.names,
  };
}

/** Reads a ServerHello or the HelloRetryRequest that looks like one; undefined where it is malformed. */
export function readServerHello({ cursor, notes }: MessageBody): ServerHelloMessage | HelloRetryRequestMessage | undefined {
  const legacyVersion = cursor.uint(2);
  const random = hex(cursor.take(randomLength));
  const sessionId = hexVector(cursor, 1);
  const cipherSuite = cipherSuiteName(cursor.uint(2));
  cursor.take(1); // compression method
  const extensions = readExtensions(cursor, notes);
  if (!extensions || cursor.truncated) return undefined;

  const selected = extensions.read(extensionType.supportedVersions, (extension) => extension.uint(2));
  if (selected === undefined && extensions.has(extensionType.supportedVersions)) return undefined; // which version it is decides everything else
  const version = versionName(selected ?? legacyVersion);
  if (random === helloRetryRequestRandom) return helloRetryRequest(version, cipherSuite, extensions);
  const group = extensions.read(extensionType.keyShare, keyShareGroup);
  const selectedPsk = extensions.read(extensionType.preSharedKey, (extension) => extension.uint(2));
  return {
    type: 'server_hello',
    version,
    random,
    sessionId,
    cipherSuite,
    ...(group !== undefined && { group }),
    ...(selectedPsk !== undefined && { selectedPsk }),
    ...selectedProtocol(extensions),
    extensions: extensions.names,
  };
}

/** Reads EncryptedExtensions; undefined where they are malformed. */
export function readEncryptedExtensions({ cursor, notes }: MessageBody): EncryptedExtensionsMessage | undefined {
  const extensions = cursor.remaining === 0 ? undefined : readExtensions(cursor, notes);
  return extensions && { type: 'encrypted_extensions', ...selectedProtocol(extensions), extensions: extensions.names };
}

function helloRetryRequest(version: string, cipherSuite: string, extensions: ExtensionList): HelloRetryRequestMessage {
  const group = extensions.read(extensionType.keyShare, (extension) => groupName(extension.uint(2)));
  return {
    type: 'hello_retry_request',
    version,
    cipherSuite,
    ...(group !== undefined && { group }),
    hasCookie: extensions.has(extensionType.cookie),
    extensions: extensions.names,
  };
}

/** The one protocol that a server answers with (RFC 7301 3.1). */
function selectedProtocol(extensions: ExtensionList): { alpnProtocol?: string } {
  const protocols = extensions.read(extensionType.alpn, protocolNames);
  return protocols?.[0] === undefined ? {} : { alpnProtocol: protocols[0] };
}

/** The first host name (RFC 6066 3), as sent; undefined where there is none. */
function hostName(extension: ByteCursor): string | undefined {
  const names = listOf(extension.vector(2), (list) => ({ type: list.uint(1), name: latin1(list.take(list.uint(2))) }));
  return names?.find(({ type }) => type === 0)?.name;
}

function protocolNames(extension: ByteCursor): string[] | undefined {
  return listOf(extension.vector(2), (list) => latin1(list.take(list.uint(1))));
}

function keyShareGroup(share: ByteCursor): string {
  const group = groupName(share.uint(2));
  share.vector(2); // the key
  return group;
}

function ticketState(extension: ByteCursor): 'empty' | 'offered' {
  return extension.take(extension.remaining).length === 0 ? 'empty' : 'offered';
}

function identityCount(extension: ByteCursor): number | undefined {
  const identities = listOf(extension.vector(2), (list) => {
    list.vector(2); // the ticket
    return list.uint(4); // its age
  });
  extension.vector(2); // binders
  return identities?.length;
}

function pskMode(list: ByteCursor): string {
  return pskModeName(list.uint(1));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

const randomLength = 32;
