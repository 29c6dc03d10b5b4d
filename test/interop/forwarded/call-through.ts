import https from 'node:https';
import { expect } from 'vitest';
import type { ForwardedFormat, HeaderLine } from '../../../src/forwarded/format.ts';
import { formatNamed } from '../../../src/forwarded/formats.ts';
import type { ForwardedClientOptions } from '../../../src/forwarded/forwarded-client.ts';
import { forwardedLines } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import type { Identity } from '../../../src/index.ts';
import type { Address } from '../server-process.ts';
import { linesOfHead } from './raw-backend.ts';

/** Calls the proxy, which presents a certificate for localhost, and gives its status and what it answers: by the raw backend, the head that reached it. */
export async function callThrough(
  { host, port }: Address,
  {
    identity,
    anchors,
    headers = {},
  }: { readonly identity?: Identity | undefined; readonly anchors: string; readonly headers?: Record<string, string> },
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const credential = identity && { key: identity.keyPem, cert: identity.chainPem };
  return new Promise((resolve, reject) => {
    const request = https.get({ host, port, servername: 'localhost', ca: anchors, agent: false, headers, ...credential }, (response) => {
      let body = '';
      response.setEncoding('latin1').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

/** What is to be found in a recorded head. */
export interface ExpectedClient extends Pick<ForwardedClientOptions, 'verified' | 'by'> {
  readonly format: ForwardedFormat;
  readonly identity: Identity | undefined;
  /** Where the real one differs. Default: what this library writes for the client. */
  readonly written?: readonly HeaderLine[] | undefined;
  /** Whether the header has a separator that the proxy does not quote, so that nothing can read it. */
  readonly isAmbiguous?: boolean;
}

/** Compares the lines of a format in a recorded head with what this library writes for the client, octet for octet and in order, and reads them. */
export function expectForwarded(head: string, { format, identity, isAmbiguous = false, written, ...client }: ExpectedClient): void {
  const { verified } = client;
  const lines = linesOfHead(head);
  const names = new Set(forwardedNames(format).map((name) => name.toLowerCase()));
  expect(lines.filter(([name]) => names.has(name.toLowerCase()))).toEqual(written ?? forwardedLines(identity, format, client));

  if (isAmbiguous) {
    expect(() => parseForwardedHeaders(lines, format)).toThrow(expect.objectContaining({ code: 'FORWARDED_INVALID' }));
    return;
  }
  const read = parseForwardedHeaders(lines, format);
  expect(read.certificate?.pem).toBe(identity?.certificatePem);
  const isVerified = identity !== undefined && verified === true;
  expect(read.verified).toBe(formatNamed(format).names.verify === undefined ? undefined : isVerified);
}

/** The names of a format's headers. */
export function forwardedNames(format: ForwardedFormat): readonly string[] {
  return Object.values(formatNamed(format).names);
}
