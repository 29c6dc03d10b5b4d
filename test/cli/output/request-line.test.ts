import { expect, test } from 'vitest';
import { requestJson, requestLine } from '../../../src/cli/output/request-line.ts';
import { MtlsFixturesError } from '../../../src/errors/index.ts';
import type { GatewayRequest } from '../../../src/forwarded/gateway/gateway.ts';
import { inspectCertificate } from '../../../src/x509/inspect-certificate.ts';
import { createPki } from '../../../src/pki/pki.ts';

const forwarded: GatewayRequest = {
  method: 'GET',
  path: '/a',
  protocol: 'HTTP/2',
  headers: [
    ['Client-Cert', ':AA==:'],
    ['Client-Cert-Chain', ':AA==:'],
  ],
  certificate: inspectCertificate(createPki().client('alice').certificate),
  status: 200,
  error: undefined,
};

test.for<[what: string, request: Partial<GatewayRequest>, line: string]>([
  ['a request that was answered', {}, '200: GET /a HTTP/2; "CN=alice" in Client-Cert, Client-Cert-Chain'],
  ['one of a client without a certificate', { certificate: undefined, headers: [] }, '200: GET /a HTTP/2; no certificate'],
  ['one without an answer', { status: undefined }, 'no answer: GET /a HTTP/2; "CN=alice" in Client-Cert, Client-Cert-Chain'],
  [
    'one that failed',
    { status: 500, headers: [], error: new MtlsFixturesError('UPSTREAM_THREW', { problem: 'oh' }) },
    '500: GET /a HTTP/2; "CN=alice"; Cannot answer the request: the handler threw "oh"; see the cause of this error (UPSTREAM_THREW)',
  ],
  ['one whose path would move the cursor', { path: '/\u001B[2J', headers: [] }, '200: GET /?[2J HTTP/2; "CN=alice"'],
])('%s is one line', ([, request, line]) => {
  expect(requestLine({ ...forwarded, ...request })).toBe(line);
});

test('as JSON it has the lines that named the client', () => {
  expect(JSON.parse(requestJson(forwarded))).toEqual({
    method: 'GET',
    path: '/a',
    protocol: 'HTTP/2',
    status: 200,
    client: 'CN=alice',
    headers: forwarded.headers,
  });
});
