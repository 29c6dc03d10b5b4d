import { X509Certificate } from 'node:crypto';
import { application } from '../application.ts';
import { nameOf } from '../correct-identities.ts';
import type { ForwardedMutant } from '../forwarded-application.ts';
import { fromEscapedPem, fromPem, only, percentDecoded } from '../reading/encodings.ts';
import { lineOf, Malformed } from '../reading/header-lines.ts';

/** Applications that decode otherwise than their proxy encodes. */
export const brokenEncoding: readonly ForwardedMutant[] = [
  {
    name: 'koa: decodes twice',
    mistake: 'It decodes percent-encoding once more than the proxy has encoded.',
    format: 'nginx',
    caughtBy: ['forwarded-escaped-twice'],
    start: () =>
      application('koa', (request) => byDecodedPem(lineOf(request, 'X-SSL-CERT'), lineOf(request, 'X-SSL-Client-Verify'), twice)),
  },
  {
    name: 'express: form decoding',
    mistake: 'It decodes as a form is decoded, where a plus sign is a blank: some valid clients are refused.',
    format: 'aws-alb',
    caughtBy: ['forwarded-plus-sign'],
    start: () =>
      application('express', (request) => {
        const form = new URLSearchParams(`leaf=${lineOf(request, 'X-Amzn-Mtls-Clientcert-Leaf') ?? ''}`);
        const pem = form.get('leaf') ?? '';
        return pem === '' ? undefined : nameOf(only(fromPem(pem)));
      }),
  },
  {
    name: 'fastify: the certificate not encoded',
    mistake: 'It takes PEM with blanks for line ends where the proxy encodes it.',
    format: 'nginx',
    caughtBy: ['forwarded-blank-inside'],
    start: () =>
      application('fastify', (request) => byDecodedPem(lineOf(request, 'X-SSL-CERT'), lineOf(request, 'X-SSL-Client-Verify'), leniently)),
  },
  {
    name: 'http: Base64 with anything in it',
    mistake: 'It decodes Base64 by Buffer.from, which skips what is not Base64.',
    format: 'caddy',
    caughtBy: ['forwarded-blank-inside', 'forwarded-base64url'],
    start: () => application('http', (request) => byLenientBase64(lineOf(request, 'X-Client-Cert'))),
  },
  {
    name: 'express: what follows the certificate',
    mistake: 'It reads a certificate from the start of the bytes, and ignores what follows.',
    format: 'caddy',
    caughtBy: ['forwarded-trailing-octets', 'forwarded-two-certificates'],
    start: () =>
      application('express', (request) => {
        const text = lineOf(request, 'X-Client-Cert');
        if (text === undefined) return undefined;
        const der = Buffer.from(text, 'base64');
        if (der.toString('base64') !== text) throw new Malformed('not Base64');
        return nameOf(certificateOf(der));
      }),
  },
  {
    name: 'koa: octets that no header has',
    mistake: 'Its parser lets control characters and folded lines through, and it decodes Base64 with anything in it.',
    format: 'caddy',
    caughtBy: ['forwarded-control-character', 'forwarded-obsolete-fold'],
    start: () => application('koa', (request) => byLenientBase64(lineOf(request, 'X-Client-Cert')), { insecureHTTPParser: true }),
  },
  {
    name: 'http: a header of any size',
    mistake: 'It allows headers of a megabyte, and ignores what follows the certificate.',
    format: 'caddy',
    caughtBy: ['forwarded-64-kilobytes'],
    start: () => application('http', (request) => byLenientBase64(lineOf(request, 'X-Client-Cert')), { maxHeaderSize: 1_048_576 }),
  },
  {
    name: 'fastify: Byte Sequence without colons',
    mistake: 'It removes colons where there are some, and does not require them.',
    format: 'rfc9440',
    caughtBy: ['forwarded-without-colons'],
    start: () => application('fastify', (request) => byLenientBase64(lineOf(request, 'Client-Cert')?.replaceAll(':', ''))),
  },
];

function byDecodedPem(pem: string | undefined, verify: string | undefined, decode: (text: string) => string): string | undefined {
  if (pem === undefined || verify !== 'SUCCESS') return undefined;
  return nameOf(only(fromEscapedPem(encodeURIComponent(decode(pem)))));
}

function twice(text: string): string {
  return percentDecoded(percentDecoded(text));
}

/** What many do, since some proxies send blanks in place of line ends. */
function leniently(text: string): string {
  return percentDecoded(text)
    .replaceAll(/(?<!BEGIN|END) /gu, '\n')
    .replace(/\n?$/u, '\n');
}

function byLenientBase64(text: string | undefined): string | undefined {
  return text === undefined ? undefined : nameOf(certificateOf(Buffer.from(text, 'base64')));
}

function certificateOf(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch {
    throw new Malformed('not a certificate');
  }
}
