import { readDer } from '../../../asn1/der-reader.ts';
import { decodeName } from '../../../x509/names/distinguished-name.ts';
import type { ByteCursor } from '../../byte-cursor.ts';
import type {
  CertificateMessage,
  CertificateRequestMessage,
  CertificateStatusMessage,
  CertificateVerifyMessage,
  RequestedAuthority,
  SentCertificate,
} from '../decoded-message.ts';
import { extensionType } from '../../registry/extension-types.ts';
import { certificateTypeName, signatureSchemeName } from '../../registry/names.ts';
import { readExtensions } from './extension-list.ts';
import type { MessageBody } from './message-body.ts';
import { listOf, namesOf } from './vectors.ts';

/** Reads a Certificate of either version; undefined where it is malformed. */
export function readCertificate(body: MessageBody): CertificateMessage | undefined {
  const { cursor, version, notes } = body;
  const isTls13 = version === 'TLSv1.3';
  if (isTls13) cursor.vector(1); // the context, empty within a handshake
  let room = mostCertificates;
  const certificates = listOf(cursor.vector(3), (list) => {
    if ((room -= 1) < 0) return void list.take(list.remaining);
    const der = list.take(list.uint(3));
    return isTls13 ? entryOf(der, list, notes) : { der, extensions: [] };
  });
  if (!certificates?.every((entry) => entry !== undefined)) return undefined;
  if (certificates.some(({ der }) => der.length === 0)) notes.push('an entry is empty');
  return { type: 'certificate', certificates };
}

/** Reads a CertificateRequest of either version; undefined where it is malformed. */
export function readCertificateRequest(body: MessageBody): CertificateRequestMessage | undefined {
  return body.version === 'TLSv1.3' ? readCertificateRequest13(body) : readCertificateRequest12(body);
}

/** Reads a CertificateStatus; undefined where it is malformed or no OCSP response. */
export function readCertificateStatus({ cursor }: MessageBody): CertificateStatusMessage | undefined {
  const isOcsp = cursor.uint(1) === ocspStatus;
  const ocspResponse = cursor.take(cursor.uint(3));
  return isOcsp ? { type: 'certificate_status', ocspResponse } : undefined;
}

/** Reads a CertificateVerify; undefined where it is malformed. */
export function readCertificateVerify({ cursor, version }: MessageBody): CertificateVerifyMessage | undefined {
  const namesScheme = version === 'TLSv1.3' || version === 'TLSv1.2';
  const scheme = namesScheme ? { signatureScheme: signatureSchemeName(cursor.uint(2)) } : {};
  cursor.vector(2); // the signature
  return { type: 'certificate_verify', ...scheme };
}

/** One entry of a TLS 1.3 Certificate, after its bytes; undefined where its extensions are malformed. */
function entryOf(der: Uint8Array, list: ByteCursor, notes: string[]): SentCertificate | undefined {
  const extensions = list.remaining === 0 ? undefined : readExtensions(list, notes);
  if (!extensions) return undefined;
  const ocspResponse = extensions.read(extensionType.status_request, (status) =>
    status.uint(1) === ocspStatus ? status.take(status.uint(3)) : undefined,
  );
  return { der, extensions: extensions.names, ...(ocspResponse && { ocspResponse }) };
}

function readCertificateRequest13({ cursor, notes }: MessageBody): CertificateRequestMessage | undefined {
  cursor.vector(1); // the context
  const extensions = cursor.remaining === 0 ? undefined : readExtensions(cursor, notes);
  if (!extensions) return undefined;
  const schemes = (type: number): readonly string[] =>
    extensions.read(type, (extension) => namesOf(extension.vector(2), signatureSchemeName)) ?? [];
  return {
    type: 'certificate_request',
    authorities: extensions.read(extensionType.certificate_authorities, (extension) => authoritiesIn(extension.vector(2), notes)) ?? [],
    signatureSchemes: schemes(extensionType.signature_algorithms),
    certificateSignatureSchemes: schemes(extensionType.signature_algorithms_cert),
    certificateTypes: [],
    extensions: extensions.names,
  };
}

function readCertificateRequest12({ cursor, version, notes }: MessageBody): CertificateRequestMessage | undefined {
  const certificateTypes = listOf(cursor.vector(1), (list) => certificateTypeName(list.uint(1)));
  const signatureSchemes = version === 'TLSv1.2' ? namesOf(cursor.vector(2), signatureSchemeName) : [];
  const authorities = authoritiesIn(cursor.vector(2), notes);
  if (!certificateTypes || !signatureSchemes || !authorities) return undefined;
  return { type: 'certificate_request', authorities, signatureSchemes, certificateSignatureSchemes: [], certificateTypes, extensions: [] };
}

function authoritiesIn(list: ByteCursor, notes: string[]): RequestedAuthority[] | undefined {
  const authorities = listOf(list, (names) => authorityOf(names.take(names.uint(2))));
  if (authorities?.some(({ text }) => text === undefined)) notes.push('the name of an acceptable CA cannot be read');
  return authorities;
}

function authorityOf(der: Uint8Array): RequestedAuthority {
  try {
    return { text: decodeName(readDer(der, 'name').expect(sequenceTag, 'it')).text, der };
  } catch {
    return { der }; // DER_INVALID, which says nothing that the caller's note does not
  }
}

/** Entries of a Certificate that are read. An empty one takes three octets of sixteen million, and a hundred times as many of memory here. */
const mostCertificates = 100_000;
const ocspStatus = 1;
const sequenceTag = 0x30;
