import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import { warnOfExposure } from '../net/exposure-warning.ts';
import { reachableAddress, urlHost } from '../net/addresses.ts';
import { listen } from '../net/listen.ts';
import type { Pki } from '../pki/pki.ts';
import { answerRequest, type HttpAnswer, type HttpRequest, refusal, type RevocationResponder } from './answer-request.ts';
import type { RevocationRequest } from './revocation-request.ts';
import { authorityId, type RevocationServer, revocationServerOn } from './revocation-server.ts';
import { parseRevocationServer, type RevocationServerOptions } from './revocation-server-options.ts';

/**
 * Starts a plain HTTP server on loopback that serves, fresh at each request, the CRL of every authority of the PKI, OCSP by POST and GET,
 * and the authorities' certificates: what the URLs in certificates point to. Throws `PORT_IN_USE` and `OPTION_INVALID`.
 */
export async function startRevocationServer(pki: Pki, options: RevocationServerOptions = {}): Promise<RevocationServer> {
  const { authorities: known, issuer, answers, host, exposed, port, maxRequests } = parseRevocationServer(pki, options);
  const authorities = new Map(known.map((authority) => [authorityId(authority), authority]));
  const requests: RevocationRequest[] = [];
  const server = process.getBuiltinModule('node:http').createServer((request, response) => {
    void handle(request, response, { responder: { authorities, fallback: issuer, answers }, requests, maxRequests });
  });
  await listen(server, { host, port });
  warnOfExposure(server.address(), { exposed, toOthers: 'every client can ask it for CRLs, certificates and statuses' });
  return revocationServerOn(server, { url: urlOf(server), authorities, requests });
}

/** Never rejects: a client that leaves is expected, and a failure is an answer too. */
async function handle(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  {
    responder,
    requests,
    maxRequests,
  }: { readonly responder: RevocationResponder; readonly requests: RevocationRequest[]; readonly maxRequests: number },
): Promise<void> {
  const { method = '', url: path = '' } = request;
  const received = await bodyOf(request);
  if (received === 'gone') return;
  const answer =
    received === 'too large'
      ? refusal({ method, path, body: new Uint8Array(0) }, { kind: 'other', answer: 'too-large' })
      : tryToAnswer({ method, path, body: received }, responder);
  requests.push(...answer.requests);
  requests.splice(0, Math.max(0, requests.length - maxRequests));
  response.writeHead(answer.code, { 'content-type': answer.type, 'content-length': answer.body.length, 'cache-control': 'no-store' });
  response.end(answer.body);
}

/** Reads on when it has been enough, so that the client gets to read the answer. */
function bodyOf(request: http.IncomingMessage): Promise<Buffer | 'too large' | 'gone'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > largestBody) resolve('too large');
      else chunks.push(chunk);
    });
    request.once('end', () => {
      resolve(Buffer.concat(chunks));
    });
    request.once('error', () => {
      resolve('gone');
    });
    request.once('close', () => {
      resolve('gone'); // without an end; otherwise the end came first
    });
  });
}

function tryToAnswer(request: HttpRequest, responder: RevocationResponder): HttpAnswer {
  try {
    return answerRequest(request, responder);
  } catch (error) {
    return refusal(request, { kind: 'other', answer: 'failed' }, String(error));
  }
}

function urlOf(server: http.Server): string {
  const { address, port } = server.address() as AddressInfo; // it listens on TCP
  return `http://${urlHost(reachableAddress(address))}:${port}`;
}

/** A request about a hundred certificates has some eight kilobytes. */
const largestBody = 65_536;
