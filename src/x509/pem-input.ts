import { X509Certificate } from 'node:crypto';
import { DerElement, readDer } from '../asn1/der-reader.ts';
import { decodePem, encodePem, firstArmour, type PemBlock } from '../asn1/pem.ts';
import { MtlsFixturesError } from '../errors/index.ts';
import { bytesOf } from '../options/bytes.ts';

/** PEM as text or in bytes; bytes may be DER as well. */
export type PemInput = string | NodeJS.ArrayBufferView;

/** Which objects are read, and what errors call them. */
export interface WantedObject {
  readonly what: string;
  readonly kind: 'certificate' | 'X509 CRL';
}

/** The certificates of a text or a list of them, as DER in their order. Throws `PEM_INVALID` where there is none, for anything else, and for what OpenSSL cannot read. */
export function certificatesIn(what: string, input: unknown): Uint8Array[] {
  return objectsIn({ what, kind: 'certificate' }, input).map(({ der }) => der);
}

/**
 * Certificates or CRLs written anew, a PEM text each, so that every reader takes them: OpenSSL passes in silence over blocks that are indented or follow another one without a
 * line break, and over DER (measured on Node 20 to 26). Settings of a `TRUSTED CERTIFICATE` are kept. Throws `PEM_INVALID` as {@link certificatesIn} does.
 */
export function writtenAnew(wanted: WantedObject, input: unknown): string[] {
  return objectsIn(wanted, input).map(({ label, der }) => encodePem(label, der));
}

/** PEM as text, from text or bytes; undefined for all else. Bytes that are DER are put in armour by `labelOf`. */
export function pemText(input: unknown, labelOf: (der: Uint8Array) => string | undefined): string | undefined {
  if (typeof input === 'string') return input;
  const bytes = bytesOf(input);
  if (!bytes) return undefined;
  const label = bytes[0] === sequenceTag ? labelOf(bytes) : undefined;
  return label === undefined ? bytes.toString('latin1') : encodePem(label, bytes);
}

type ReadBlock = Pick<PemBlock, 'label' | 'der'>;

function objectsIn(wanted: WantedObject, input: unknown): ReadBlock[] {
  const list: readonly unknown[] = Array.isArray(input) ? input : [input];
  const blocks = list.flatMap((entry) => blocksIn(wanted, entry));
  if (blocks.length === 0) throw invalid(wanted, '[]', `it holds no ${wanted.kind}`);
  return blocks;
}

function blocksIn(wanted: WantedObject, input: unknown): ReadBlock[] {
  const { kind } = wanted;
  const text = pemText(input, () => (kind === 'certificate' ? 'CERTIFICATE' : kind));
  if (text === undefined) throw invalid(wanted, typeof input, 'it is not text, nor bytes');
  const blocks = decodePem(text);
  const other = blocks.find(({ label }) => !labels[kind].has(label));
  if (other) throw invalid(wanted, `BEGIN ${other.label}`, `it is not a ${kind}`);
  if (blocks.length === 0) throw invalid(wanted, firstArmour(text), `it holds no BEGIN ${kind.toUpperCase()}`);
  return blocks.map((block) => (kind === 'certificate' ? readCertificate(wanted, block) : readRevocationList(wanted, block)));
}

/** Under its usual label, unless OpenSSL's trust settings follow it. */
function readCertificate(wanted: WantedObject, { label, der }: ReadBlock): ReadBlock {
  return attempt(wanted, label, () => {
    const { bytes } = label === 'TRUSTED CERTIFICATE' ? new DerElement(der, 'certificate') : readDer(der, 'certificate');
    const { raw } = new X509Certificate(bytes);
    return bytes.length === der.length ? { label: 'CERTIFICATE', der: raw } : { label, der };
  });
}

/** Node has no class for CRLs: the outer shape is what can be told here (RFC 5280 5.1). */
function readRevocationList(wanted: WantedObject, { label, der }: ReadBlock): ReadBlock {
  return attempt(wanted, label, () => {
    const list = readDer(der, 'CRL').expect(sequenceTag, 'it');
    const [tbs, algorithm, signature, ...stray] = list.children;
    const fields = tbs?.expect(sequenceTag, 'the signed part').children ?? [];
    const [, issuer, thisUpdate] = fields.slice(fields[0]?.tag === integerTag ? 1 : 0);
    if (!algorithm || signature?.tag !== bitStringTag || stray.length > 0 || issuer?.tag !== sequenceTag || !thisUpdate)
      throw list.problem('a field is missing');
    if (Number.isNaN(thisUpdate.time.getTime())) throw list.problem('it has no time');
    return { label, der };
  });
}

function attempt(wanted: WantedObject, label: string, read: () => ReadBlock): ReadBlock {
  try {
    return read();
  } catch (cause) {
    throw invalid(wanted, `BEGIN ${label}`, `the bytes inside are not a ${wanted.kind}`, cause);
  }
}

function invalid({ what }: WantedObject, value: string, problem: string, cause?: unknown): MtlsFixturesError {
  return new MtlsFixturesError('PEM_INVALID', { what, value, problem }, cause === undefined ? undefined : { cause });
}

const labels: Readonly<Record<WantedObject['kind'], ReadonlySet<string>>> = {
  certificate: new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']),
  'X509 CRL': new Set(['X509 CRL']),
};
const integerTag = 0x02;
const bitStringTag = 0x03;
const sequenceTag = 0x30;
