import type { ByteCursor } from '../../byte-cursor.ts';
import { helloRetryRequestRandom } from '../../handshake-messages.ts';
import type { ClientHelloMessage, EncryptedExtensionsMessage, HelloRetryRequestMessage, ServerHelloMessage } from '../decoded-message.ts';
import { readClientHelloFields, readServerHelloFields } from '../../hello/hello-fields.ts';
import { extensionType } from '../../registry/extension-types.ts';
import { cipherSuiteName, groupName, pskModeName, signatureSchemeName } from '../../registry/names.ts';
import { versionName } from '../../registry/protocol-versions.ts';
import { type ExtensionList, extensionListOf, readExtensions } from './extension-list.ts';
import type { MessageBody } from './message-body.ts';
import { hex, listOf, namesOf } from './vectors.ts';

/** Reads a ClientHello; undefined where it is malformed. */
export function readClientHello({ cursor, notes }: MessageBody): ClientHelloMessage | undefined {
  const fields = readClientHelloFields(cursor);
  const cipherSuites = namesOf(fields.cipherSuites, cipherSuiteName);
  const extensions = extensionListOf(fields.extensions, notes);
  if (!cipherSuites || !extensions) return undefined;

  const names = (type: number, lengthOctets: 1 | 2, name: (number: number) => string): readonly string[] =>
    extensions.read(type, (extension) => namesOf(extension.vector(lengthOctets), name)) ?? [];
  const versions = extensions.has(extensionType.supported_versions)
    ? names(extensionType.supported_versions, 1, versionName)
    : [versionName(fields.legacyVersion)];
  const servername = extensions.read(extensionType.server_name, hostName);
  return {
    type: 'client_hello',
    versions,
    random: hex(fields.random),
    sessionId: hex(fields.sessionId),
    cipherSuites,
    groups: names(extensionType.supported_groups, 2, groupName),
    signatureSchemes: names(extensionType.signature_algorithms, 2, signatureSchemeName),
    certificateSignatureSchemes: names(extensionType.signature_algorithms_cert, 2, signatureSchemeName),
    ...(servername !== undefined && { servername }),
    alpnProtocols: extensions.read(extensionType.application_layer_protocol_negotiation, protocolNames) ?? [],
    keyShares: extensions.read(extensionType.key_share, (extension) => listOf(extension.vector(2), keyShareGroup)) ?? [],
    sessionTicket: extensions.read(extensionType.session_ticket, ticketState) ?? 'absent',
    pskIdentities: extensions.read(extensionType.pre_shared_key, identityCount) ?? 0,
    pskModes: extensions.read(extensionType.psk_key_exchange_modes, (extension) => listOf(extension.vector(1), pskMode)) ?? [],
    earlyData: extensions.has(extensionType.early_data),
    extensions: extensions.names,
  };
}

/** Reads a ServerHello or the HelloRetryRequest that looks like one; undefined where it is malformed. */
export function readServerHello({ cursor, notes }: MessageBody): ServerHelloMessage | HelloRetryRequestMessage | undefined {
  const fields = readServerHelloFields(cursor);
  const random = hex(fields.random);
  const cipherSuite = cipherSuiteName(fields.cipherSuite);
  const extensions = extensionListOf(fields.extensions, notes);
  if (!extensions || cursor.truncated) return undefined;

  const selected = extensions.read(extensionType.supported_versions, (extension) => extension.uint(2));
  if (selected === undefined && extensions.has(extensionType.supported_versions)) return undefined; // which version it is decides everything else
  const version = versionName(selected ?? fields.legacyVersion);
  if (random === helloRetryRequestRandom) return helloRetryRequest(version, cipherSuite, extensions);
  const group = extensions.read(extensionType.key_share, keyShareGroup);
  const selectedPsk = extensions.read(extensionType.pre_shared_key, (extension) => extension.uint(2));
  return {
    type: 'server_hello',
    version,
    random,
    sessionId: hex(fields.sessionId),
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
  const group = extensions.read(extensionType.key_share, (extension) => groupName(extension.uint(2)));
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
  const protocols = extensions.read(extensionType.application_layer_protocol_negotiation, protocolNames);
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
