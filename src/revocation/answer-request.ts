import { decodePem } from '../asn1/pem.ts';
import { MtlsFixturesError } from '../errors/index.ts';
import type { Authority } from '../pki/authority.ts';
import type { OcspOptions } from '../pki/revocation/ocsp-responder.ts';
import { certificateFields } from '../x509/certificate-fields.ts';
import { isIssuedBy } from '../x509/revocation/certificate-id.ts';
import { serialText } from '../x509/inspect-certificate.ts';
import { decodeOcspRequest, type OcspRequest } from '../x509/revocation/ocsp-request.ts';
import { readOcspResponse } from '../x509/revocation/read-ocsp-response.ts';
import type { RevocationAnswer, RevocationRequest } from './revocation-request.ts';
import type { OcspReply, RevocationAnswers } from './revocation-server-options.ts';

/** A request as HTTP brought it. */
export interface HttpRequest {
  readonly method: string;
  /** As it was sent: not decoded, and with the doubled slashes that Base64 may have. */
  readonly path: string;
  readonly body: Uint8Array;
}

/** What to send, and what to record of it. */
export interface HttpAnswer {
  readonly code: number;
  readonly type: string;
  readonly body: Uint8Array;
  readonly requests: readonly RevocationRequest[];
}

/** The authorities that answer by the name they have in URLs, the one that answers for the rest, and what is answered wrongly. */
export interface RevocationResponder {
  readonly authorities: ReadonlyMap<string, Authority>;
  readonly fallback: Authority;
  readonly answers: RevocationAnswers;
}

/** Answers one request: a CRL, an authority's certificate, or OCSP by GET and POST (RFC 6960 A.1). */
export function answerRequest(request: HttpRequest, responder: RevocationResponder): HttpAnswer {
  const [path = ''] = request.path.split('?', 1);
  if (path === ocspPath || path.startsWith(`${ocspPath}/`)) return answerOcsp(request, path.slice(ocspPath.length + 1), responder);

  const { folder, id = '' } = /^\/(?<folder>crl|ca)\/(?<id>[0-9a-f]+)\.(?:crl|cer)$/u.exec(path)?.groups ?? {};
  const authority = responder.authorities.get(id);
  if (!authority) return refusal(request, { kind: 'other', answer: 'not-found' });
  const kind = folder === 'crl' ? 'crl' : 'ca-issuers';
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refusal(request, { kind, authority: authority.name, answer: 'method-not-allowed' });
  return kind === 'crl' ? answerCrl(request, authority, responder.answers) : answerCertificate(request, authority);
}

/** A refusal in words, recorded as such. */
export function refusal(
  request: HttpRequest,
  facts: Pick<RevocationRequest, 'kind' | 'answer' | 'authority'>,
  words: string = facts.answer,
): HttpAnswer {
  const body = Buffer.from(`${words}\n`);
  return { code: codes.get(facts.answer) ?? 500, type: 'text/plain', body, requests: [requestOf(request, facts)] };
}

/** Where the two kinds of files and OCSP are to be found. */
export const ocspPath = '/ocsp';
export const crlPath = (id: string): string => `/crl/${id}.crl`;
export const caIssuersPath = (id: string): string => `/ca/${id}.cer`;

function answerCrl(request: HttpRequest, authority: Authority, { crl = {} }: RevocationAnswers): HttpAnswer {
  const facts = { kind: 'crl', authority: authority.name } as const;
  if (crl === 'unavailable') return refusal(request, { ...facts, answer: 'unavailable' });
  if (crl === 'garbage') return success(request, { ...facts, answer: 'garbage' }, crlType, garbage);
  const [block] = decodePem(authority.crl(crl));
  return success(request, { ...facts, answer: 'served' }, crlType, block?.der ?? garbage);
}

function answerCertificate(request: HttpRequest, authority: Authority): HttpAnswer {
  const facts = { kind: 'ca-issuers', authority: authority.name, answer: 'served' } as const;
  return success(request, facts, 'application/pkix-cert', authority.certificate.raw);
}

function answerOcsp(request: HttpRequest, encoded: string, responder: RevocationResponder): HttpAnswer {
  if (request.method !== 'POST' && request.method !== 'GET') return refusal(request, { kind: 'ocsp', answer: 'method-not-allowed' });
  const der = request.method === 'POST' ? request.body : fromUrl(encoded);
  const asked = requestIn(der);
  const about = (answers: (index: number) => RevocationAnswer): RevocationRequest[] => {
    if (!asked) return [requestOf(request, { kind: 'ocsp', answer: answers(0) })];
    return asked.certificates.map(({ serialNumber }, index) =>
      requestOf(request, { kind: 'ocsp', serialNumber: serialText(serialNumber), answer: answers(index) }),
    );
  };
  const ocsp = replyTo(asked, responder.answers);
  if (ocsp === 'unavailable') return { ...refusal(request, { kind: 'ocsp', answer: ocsp }), requests: about(() => 'unavailable') };
  if (ocsp === 'garbage') return { code: 200, type: ocspType, body: garbage, requests: about(() => 'garbage') };

  const authority = asked ? issuerOf(asked, responder) : responder.fallback;
  const options: OcspOptions = ocsp === 'try-later' ? { responseStatus: 'tryLater' } : ocsp;
  const body = authority.answerOcsp(der, options);
  const { responseStatus, answers } = readOcspResponse(body); // what was really said, not what was meant
  const said = (index: number): RevocationAnswer =>
    responseStatus === 'successful' ? (answers[index]?.status ?? 'failed') : responseStatus;
  return { code: 200, type: ocspType, body, requests: about(said) };
}

/** What to answer to a request; a malformed one has no serial number to decide by. */
function replyTo(asked: OcspRequest | undefined, { ocsp = {} }: RevocationAnswers): OcspReply {
  if (typeof ocsp !== 'function') return ocsp;
  const [first] = asked?.certificates ?? [];
  return first ? ocsp({ serialNumber: serialText(first.serialNumber) }) : {};
}

/** The authority that issued the first certificate of one of them; without such a certificate the fallback answers `unauthorized`. One signature, one authority. */
function issuerOf({ certificates }: OcspRequest, { authorities, fallback }: RevocationResponder): Authority {
  const issuers = [...authorities.values()].map((authority) => ({ authority, fields: certificateFields(authority.certificate.raw) }));
  const found = certificates.flatMap((id) => issuers.filter(({ fields }) => isIssuedBy(id, fields)));
  return found[0]?.authority ?? fallback;
}

/** RFC 6960 A.1: the URL encoding of the Base64 of the request. */
function fromUrl(encoded: string): Uint8Array {
  try {
    return Buffer.from(decodeURIComponent(encoded), 'base64');
  } catch {
    return Buffer.alloc(0); // no URL encoding: a malformed request
  }
}

function requestIn(der: Uint8Array): OcspRequest | undefined {
  try {
    return decodeOcspRequest(der);
  } catch (error) {
    if (error instanceof MtlsFixturesError) return undefined;
    throw error;
  }
}

function success(
  request: HttpRequest,
  facts: Pick<RevocationRequest, 'kind' | 'answer' | 'authority'>,
  type: string,
  body: Uint8Array,
): HttpAnswer {
  return { code: 200, type, body, requests: [requestOf(request, facts)] };
}

function requestOf({ method, path }: HttpRequest, facts: Omit<RevocationRequest, 'method' | 'path'>): RevocationRequest {
  return { ...facts, method, path };
}

const crlType = 'application/pkix-crl';
const ocspType = 'application/ocsp-response';
const garbage = Buffer.from('neither a CRL nor an OCSP response\n');
const codes: ReadonlyMap<RevocationAnswer, number> = new Map([
  ['not-found', 404],
  ['method-not-allowed', 405],
  ['too-large', 413],
  ['failed', 500],
  ['unavailable', 503],
]);
