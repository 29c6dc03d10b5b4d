import { type DerElement, readDer } from '../../asn1/der-reader.ts';
import { decodeCertificateId } from './certificate-id.ts';
import { ocspResponseStatusOf, type OcspCertificateStatus, type OcspResponseStatus } from './ocsp-response.ts';

/** What an OCSP response says, not verified. */
export interface ReadOcspResponse {
  readonly responseStatus: OcspResponseStatus;
  /** Empty where the response gives no answer. */
  readonly answers: readonly { readonly serialNumber: bigint; readonly status: OcspCertificateStatus['status'] }[];
}

/** Reads the answers of an OCSP response. Throws `DER_INVALID`. */
export function readOcspResponse(response: Uint8Array): ReadOcspResponse {
  const whole = readDer(response, 'OCSP response');
  const [status, bytes] = whole.expect(0x30, 'the response').children;
  const responseStatus = ocspResponseStatusOf(status?.expect(0x0a, 'the response status').content[0] ?? Number.NaN);
  if (responseStatus === undefined) throw whole.problem('its status has no such number');
  if (responseStatus !== 'successful') return { responseStatus, answers: [] };

  const [, basic] = bytes?.inner().children ?? [];
  const [data] = basic?.expect(0x04, 'the response').inner().children ?? [];
  const list = data?.children.find(({ tag }) => tag === 0x30);
  if (!list) throw whole.problem('it is successful and has no answers');
  return { responseStatus, answers: list.children.map(readAnswer) };
}

function readAnswer(answer: DerElement): ReadOcspResponse['answers'][number] {
  const [id, status] = answer.children;
  const word = statuses.get(status?.tag ?? 0);
  if (!id || word === undefined) throw answer.problem('an answer lacks a field');
  return { serialNumber: decodeCertificateId(id).serialNumber, status: word };
}

const statuses: ReadonlyMap<number, OcspCertificateStatus['status']> = new Map([
  [0x80, 'good'],
  [0xa1, 'revoked'],
  [0x82, 'unknown'],
]);
