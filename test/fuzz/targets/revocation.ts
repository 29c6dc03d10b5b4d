import { createPki } from '../../../src/pki/pki.ts';
import { answerRequest } from '../../../src/revocation/answer-request.ts';
import { decodeOcspRequest } from '../../../src/x509/revocation/ocsp-request.ts';
import { readOcspResponse } from '../../../src/x509/revocation/read-ocsp-response.ts';
import { require, unlessRefused } from '../refusals.ts';

/** An OCSP request: read, and answered by an authority, whatever it is. */
export function ocspRequest(input: Uint8Array): void {
  const request = unlessRefused(() => decodeOcspRequest(input), 'DER_INVALID');
  const { responseStatus, answers } = readOcspResponse(authority().answerOcsp(input));
  require((responseStatus === 'malformedRequest') === (request === undefined), 'the reader and the responder disagree');
  require(responseStatus !== 'successful' || answers.length === request?.certificates.length, 'not every question is answered');
}

/** An OCSP response. */
export function ocspResponse(input: Uint8Array): void {
  const response = unlessRefused(() => readOcspResponse(input), 'DER_INVALID');
  require(response === undefined || response.responseStatus === 'successful' || response.answers.length === 0, 'an error has answers');
}

/** An HTTP request to a revocation server: a line with method and path, then the body. */
export function revocationRequest(input: Uint8Array): void {
  const bytes = Buffer.from(input);
  const end = bytes.indexOf('\n');
  const [method = '', path = ''] = bytes.toString('latin1', 0, end < 0 ? bytes.length : end).split(' ');
  const body = bytes.subarray(end < 0 ? bytes.length : end + 1);
  const issuer = authority();
  const { code, requests } = answerRequest(
    { method, path, body },
    { authorities: new Map([['0a', issuer]]), fallback: issuer, answers: {} },
  );
  require([200, 404, 405].includes(code) && requests.length > 0, `it is answered with ${code}, or not remembered`);
}

function authority(): ReturnType<typeof createPki>['issuer'] {
  return (issuerOfRun ??= createPki({ name: 'fuzz' }).issuer);
}

let issuerOfRun: ReturnType<typeof createPki>['issuer'] | undefined;
