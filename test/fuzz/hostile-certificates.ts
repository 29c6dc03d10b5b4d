import { type DerElement, readDer } from '../../src/asn1/der-reader.ts';
import {
  bitString,
  boolean,
  contextConstructed,
  contextPrimitive,
  type Der,
  element,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  utcTime,
  utf8String,
} from '../../src/asn1/der-writer.ts';
import { createPki } from '../../src/pki/pki.ts';
import { certificateFields } from '../../src/x509/certificate-fields.ts';
import { inspectCertificate } from '../../src/x509/inspect-certificate.ts';
import { decodeOcspRequest } from '../../src/x509/revocation/ocsp-request.ts';
import { readOcspResponse } from '../../src/x509/revocation/read-ocsp-response.ts';
import { nameVerifyFailure } from '../../src/x509/verification/verify-failure.ts';

/** What reads bytes, and bytes of about that many octets that are made to be slow to read. */
export type HostileInput = readonly [what: string, make: (size: number) => () => unknown];

/** DER as hostile as it gets: the most elements, the longest values, the deepest nesting. */
export const hostileCertificates: readonly HostileInput[] = [
  ['sequences in sequences, every level read', (size) => walkOf(nested(size / 3))],
  ['sequences in sequences for a certificate', (size) => inspectOf(nested(size))],
  ['a serial number of that length', (size) => inspectOf(certificate({ serial: element(0x02, Buffer.alloc(size, 0x7f)) }))],
  ['an RSA modulus of that length', (size) => inspectOf(certificate({ key: rsaKey(Buffer.alloc(size, 0x7f)) }))],
  ['a time of that length', (size) => inspectOf(certificate({ until: element(0x17, Buffer.alloc(size, '1')) }))],
  ['extensions', (size) => inspectOf(certificate({ extensions: repeated(sequence(shortOid, octetString(nothing)), size) }))],
  [
    'extensions with long identifiers',
    (size) => inspectOf(certificate({ extensions: repeated(sequence(longOid, octetString(nothing)), size) })),
  ],
  ['an extension of many values', (size) => inspectOf(certificate({ extensions: sequence(shortOid, repeated(boolean(true), size)) }))],
  ['basic constraints of many values', (size) => inspectOf(extended('2.5.29.19', sequence(repeated(boolean(false), size))))],
  ['alternative names', (size) => inspectOf(extended('2.5.29.17', sequence(repeated(dns('a.b'), size))))],
  ['empty alternative names', (size) => inspectOf(extended('2.5.29.17', sequence(repeated(dns(''), size))))],
  ['IPv6 addresses', (size) => inspectOf(extended('2.5.29.17', sequence(repeated(contextPrimitive(7, Buffer.alloc(16)), size))))],
  ['an address of that length', (size) => inspectOf(extended('2.5.29.17', sequence(contextPrimitive(7, Buffer.alloc(size)))))],
  ['purposes', (size) => inspectOf(extended('2.5.29.37', sequence(repeated(shortOid, size))))],
  ['purposes with long identifiers', (size) => inspectOf(extended('2.5.29.37', sequence(repeated(longOid, size))))],
  ['common names', (size) => inspectOf(certificate({ subject: sequence(repeated(commonName('a'), size)) }))],
  [
    'attributes with long identifiers',
    (size) => inspectOf(certificate({ subject: sequence(repeated(setOf(sequence(longOid, utf8String('a'))), size)) })),
  ],
  ['empty parts of a name', (size) => inspectOf(certificate({ subject: sequence(repeated(setOf(), size)) }))],
  ['a name of control characters', (size) => inspectOf(certificate({ subject: sequence(commonName('\0'.repeat(size))) }))],
  ['the fields of an authority', (size) => () => certificateFields(certificate({ subject: sequence(repeated(commonName('a'), size)) }))],
  ['a PEM chain', (size) => inspectOf(Buffer.from(createPki().anchors.repeat(size / 800)))],

  ['questions of an OCSP request', (size) => requestOf(repeated(sequence(certificateId(shortOid)), size))],
  ['questions with long identifiers', (size) => requestOf(repeated(sequence(certificateId(longOid)), size))],
  [
    'extensions of an OCSP request',
    (size) => requestOf(sequence(certificateId(shortOid)), repeated(sequence(longOid, octetString(nothing)), size)),
  ],
  ['answers of an OCSP response', (size) => responseOf(repeated(sequence(certificateId(shortOid), contextPrimitive(0, nothing)), size))],

  ['spaces within a name that is verified', (size) => verifyOf(certificate({ subject: sequence(commonName(`x${' '.repeat(size)}x`)) }))],
  ['parts of a name that is verified', (size) => verifyOf(certificate({ subject: sequence(repeated(commonName('a'), size)) }))],
  ['attributes of one part', (size) => verifyOf(certificate({ subject: sequence(element(0x31, repeated(attribute('a'), size))) }))],
  ['different extensions that are verified', (size) => verifyOf(certificate({ extensions: differentExtensions(size) }))],
  [
    'one long host, many subtrees',
    (size) => verifyOf(extended('2.5.29.17', sequence(dns('A'.repeat(size / 2)))), constrained(repeated(sequence(dns('x.')), size / 40))),
  ],
  [
    'many hosts, many subtrees',
    (size) =>
      verifyOf(extended('2.5.29.17', sequence(repeated(dns('a.b'), size / 2))), constrained(repeated(sequence(dns('a.b')), size / 2))),
  ],
  [
    'many directory names, one long subtree',
    (size) =>
      verifyOf(
        extended('2.5.29.17', sequence(repeated(contextConstructed(4, sequence(commonName('q'))), size / 20))),
        constrained(sequence(contextConstructed(4, sequence(repeated(commonName('a'), size / 2))))),
      ),
  ],
  [
    'zeros within a common name that may be a host',
    (size) => verifyOf(certificate({ subject: sequence(commonName(`a${'\0'.repeat(size)}a`)) }), constrained(sequence(dns('a.b')))),
  ],
  [
    'a mailbox of at signs',
    (size) =>
      verifyOf(
        extended('2.5.29.17', sequence(contextPrimitive(1, Buffer.alloc(size, '@')))),
        constrained(sequence(contextPrimitive(1, Buffer.from('a.b')))),
      ),
  ],
  [
    'a URI of that length',
    (size) =>
      verifyOf(
        extended('2.5.29.17', sequence(contextPrimitive(6, Buffer.from(`a://${'b.'.repeat(size / 2)}`)))),
        constrained(sequence(contextPrimitive(6, Buffer.from('a.b')))),
      ),
  ],
  [
    'entries of a CRL',
    (size) => () =>
      nameVerifyFailure({ chain: [certificate()], anchors: [], crls: [revocationList(repeated(sequence(integer(1), time), size))] }),
  ],
];

function inspectOf(bytes: Uint8Array): () => unknown {
  return () => inspectCertificate(bytes);
}

function verifyOf(...chain: readonly Uint8Array[]): () => unknown {
  return () => nameVerifyFailure({ chain, anchors: [] });
}

function walkOf(bytes: Uint8Array): () => unknown {
  return () => {
    for (const waiting: DerElement[] = [readDer(bytes, 'input')]; ;) {
      const next = waiting.pop();
      if (!next) return;
      waiting.push(...next.children);
    }
  };
}

function requestOf(questions: Der, extensions?: Der): () => unknown {
  const request = sequence(sequence(sequence(questions), ...(extensions ? [contextConstructed(2, sequence(extensions))] : [])));
  return () => decodeOcspRequest(request);
}

function responseOf(answers: Der): () => unknown {
  const basic = sequence(objectIdentifier('1.3.6.1.5.5.7.48.1.1'), octetString(sequence(sequence(sequence(answers)))));
  const response = sequence(element(0x0a, Uint8Array.of(0)), contextConstructed(0, basic));
  return () => readOcspResponse(response);
}

interface Parts {
  readonly serial: Der;
  readonly issuer: Der;
  readonly subject: Der;
  readonly until: Der;
  readonly key: Der;
  readonly extensions: Uint8Array;
}

/** A certificate without a valid signature. */
function certificate(parts: Partial<Parts> = {}): Der {
  const { serial = integer(1), issuer = sequence(commonName('i')), subject = sequence(commonName('s')) } = parts;
  const { until = time, key = ecKey, extensions = nothing } = parts;
  const version = contextConstructed(0, integer(2));
  const validity = sequence(time, until);
  const tbs = sequence(version, serial, algorithm, issuer, validity, subject, key, contextConstructed(3, sequence(extensions)));
  return sequence(tbs, algorithm, bitString(Buffer.alloc(70)));
}

function extended(oid: string, value: Der): Der {
  return certificate({ extensions: extension(oid, value) });
}

/** The issuer of the usual certificate, with constraints for the names below it. */
function constrained(subtrees: Uint8Array): Der {
  const constraints = extension('2.5.29.30', sequence(contextConstructed(0, subtrees)));
  return certificate({ issuer: sequence(commonName('root')), subject: sequence(commonName('i')), extensions: constraints });
}

function revocationList(entries: Uint8Array): Der {
  return sequence(sequence(integer(1), algorithm, sequence(commonName('i')), time, time, sequence(entries)), algorithm, bitString(nothing));
}

function extension(oid: string, value: Der): Der {
  return sequence(objectIdentifier(oid), octetString(value));
}

function differentExtensions(size: number): Buffer {
  return Buffer.concat(Array.from({ length: size / 12 }, (_unused, index) => extension(`1.2.${index}`, nothing)));
}

function certificateId(oid: Der): Der {
  return sequence(sequence(oid), octetString(Buffer.alloc(20)), octetString(Buffer.alloc(20)), integer(5));
}

function commonName(text: string): Der {
  return setOf(attribute(text));
}

function attribute(text: string): Der {
  return sequence(objectIdentifier('2.5.4.3'), utf8String(text));
}

function dns(name: string): Der {
  return contextPrimitive(2, Buffer.from(name));
}

function rsaKey(modulus: Uint8Array): Der {
  return sequence(sequence(objectIdentifier('1.2.840.113549.1.1.1')), bitString(sequence(element(0x02, modulus), integer(3))));
}

function repeated(unit: Uint8Array, size: number): Buffer {
  return Buffer.alloc(Math.max(1, Math.floor(size / unit.length)) * unit.length, unit);
}

/** SEQUENCE in SEQUENCE, written from the inside out. */
function nested(size: number): Buffer {
  const heads: Uint8Array[] = [];
  for (let length = 0; length < size;) {
    const octets = length < 0x80 ? [length] : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
    heads.push(Uint8Array.of(0x30, ...octets));
    length += 1 + octets.length;
  }
  return Buffer.concat(heads.toReversed());
}

const nothing = new Uint8Array(0);
const shortOid = objectIdentifier('1.2.3');
/** An identifier of the greatest length that is read. */
const longOid = element(0x06, Buffer.concat([Uint8Array.of(0x2a), Buffer.alloc(254, 0x81), Uint8Array.of(1)]));
const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const ecKey = sequence(
  sequence(objectIdentifier('1.2.840.10045.2.1'), objectIdentifier('1.2.840.10045.3.1.7')),
  bitString(Buffer.alloc(65, 4)),
);
const time = utcTime(new Date('2030-01-01T00:00:00Z'));
