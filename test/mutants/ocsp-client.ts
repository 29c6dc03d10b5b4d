import { createHash, verify, X509Certificate } from 'node:crypto';

/** The certificate in question and the one of the CA that issued it. */
export interface Asked {
  readonly leaf: X509Certificate;
  readonly issuer: X509Certificate;
}

/** A response as it was read, not checked. */
export interface OcspResponseParts {
  readonly signedPart: Buffer;
  readonly signature: Buffer;
  readonly certificates: readonly X509Certificate[];
  /** DER of the CertID. */
  readonly certificateId: Buffer;
  readonly status: string;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

/** What a client makes sure of, one function each: broken ones leave one out. */
export interface OcspChecks {
  readonly isSigned: (response: OcspResponseParts, asked: Asked) => boolean;
  readonly isCurrent: (response: OcspResponseParts) => boolean;
  readonly isAbout: (response: OcspResponseParts, certificateId: Buffer) => boolean;
}

/** What RFC 6960 3.2 asks for, of a responder that is the issuing CA itself. */
export const correctChecks: OcspChecks = {
  isSigned: ({ signedPart, signature }, { issuer }) => verify('sha256', signedPart, issuer.publicKey, signature),
  isCurrent: ({ thisUpdate, nextUpdate }) => thisUpdate <= Date.now() + skewMs && Date.now() - skewMs <= nextUpdate,
  isAbout: (response, certificateId) => response.certificateId.equals(certificateId),
};

/**
 * Asks a responder for the status of a certificate: `good`, `revoked` or `unknown`. Throws where there is no response that passes the checks. Written for itself, so that the
 * library's responder is not judged by the library's reader.
 */
export async function statusBy(
  url: string,
  asked: Asked,
  { method, checks }: { readonly method: 'POST' | 'GET'; readonly checks: OcspChecks },
): Promise<string> {
  const certificateId = certificateIdOf(asked);
  const request = der(0x30, der(0x30, der(0x30, der(0x30, certificateId))));
  const answer = await (method === 'POST'
    ? fetch(url, { method, body: new Uint8Array(request), headers: { 'content-type': 'application/ocsp-request' } })
    : fetch(`${url}/${encodeURIComponent(request.toString('base64'))}`));
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const response = readResponse(Buffer.from(await answer.arrayBuffer()));
  if (!checks.isAbout(response, certificateId)) throw new Error('about another certificate');
  if (!checks.isSigned(response, asked)) throw new Error('not signed by the issuer');
  if (!checks.isCurrent(response)) throw new Error('not current');
  return response.status;
}

/** RFC 6960 4.1.1, with SHA-1. */
function certificateIdOf({ leaf, issuer }: Asked): Buffer {
  const fields = fieldsOf(issuer);
  const algorithm = der(0x30, Buffer.from('06052b0e03021a0500', 'hex'));
  const key = children(fields.spki)[1]?.content.subarray(1) ?? nothing; // without the number of unused bits
  const serial = children(children(leaf.raw)[0]?.whole ?? nothing)[1]?.whole ?? nothing;
  return der(0x30, algorithm, der(0x04, sha1(fields.subject)), der(0x04, sha1(key)), serial);
}

/** Of a certificate of version 3: version, serial number, algorithm, issuer, validity, subject, key. */
function fieldsOf({ raw }: X509Certificate): { readonly subject: Buffer; readonly spki: Buffer } {
  const [, , , , , subject, spki] = children(children(raw)[0]?.whole ?? nothing);
  return { subject: subject?.whole ?? nothing, spki: spki?.whole ?? nothing };
}

/** RFC 6960 4.2.1. */
function readResponse(bytes: Buffer): OcspResponseParts {
  const [responseStatus, responseBytes] = children(bytes);
  if (responseStatus?.content[0] !== 0) throw new Error('not successful');
  const [, basicOctets] = children(responseBytes?.content ?? nothing);
  const [data, , signature, certificates] = children(basicOctets?.content ?? nothing);
  const single = children(data?.whole ?? nothing).find(({ tag }) => tag === 0x30);
  const [id, status, thisUpdate, nextUpdate] = children(children(single?.whole ?? nothing)[0]?.whole ?? nothing);
  return {
    signedPart: data?.whole ?? nothing,
    signature: signature?.content.subarray(1) ?? nothing,
    certificates: certificates ? children(certificates.content).map(({ whole }) => new X509Certificate(whole)) : [],
    certificateId: id?.whole ?? nothing,
    status: statuses.get(status?.tag ?? 0) ?? 'unreadable',
    thisUpdate: timeIn(thisUpdate?.content),
    nextUpdate: timeIn(nextUpdate && children(nextUpdate.whole)[0]?.content),
  };
}

interface Element {
  readonly tag: number;
  readonly whole: Buffer;
  readonly content: Buffer;
}

/** The elements in the content of an element. */
function children(bytes: Buffer): readonly Element[] {
  const found: Element[] = [];
  for (let rest = elementAt(bytes).content; rest.length > 0;) {
    const next = elementAt(rest);
    found.push(next);
    rest = rest.subarray(next.whole.length);
  }
  return found;
}

function elementAt(bytes: Buffer): Element {
  const first = bytes.readUInt8(1);
  const lengthOctets = first < 0x80 ? 0 : first - 0x80;
  const length = lengthOctets === 0 ? first : bytes.readUIntBE(2, lengthOctets);
  const start = 2 + lengthOctets;
  return { tag: bytes.readUInt8(0), whole: bytes.subarray(0, start + length), content: bytes.subarray(start, start + length) };
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

/** Milliseconds of a GeneralizedTime in whole seconds, `20261130140000Z`; never for none. */
function timeIn(content: Buffer | undefined): number {
  const text = content?.toString('latin1') ?? '';
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/u, '$1-$2-$3T$4:$5:$6Z'));
}

function sha1(bytes: Buffer): Buffer {
  return createHash('sha1').update(bytes).digest();
}

const nothing = Buffer.alloc(0);
const statuses: ReadonlyMap<number, string> = new Map([
  [0x80, 'good'],
  [0xa1, 'revoked'],
  [0x82, 'unknown'],
]);
const skewMs = 300_000;
