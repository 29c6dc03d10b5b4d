import { application } from '../application.ts';
import { byApache, byHaproxy, byNginx, nameOf, ofApache } from '../correct-identities.ts';
import type { ForwardedMutant } from '../forwarded-application.ts';
import { fromBase64, fromByteSequence } from '../reading/encodings.ts';
import { lineOf, type RequestLines, withoutLines } from '../reading/header-lines.ts';

/** Applications that believe a certificate which was not verified, by their proxy or by them. */
export const brokenVerification: readonly ForwardedMutant[] = [
  {
    name: 'fastify: whatever was verified',
    mistake: 'It does not look at the result of the verification.',
    format: 'nginx',
    caughtBy: ['forwarded-verify-failed', 'forwarded-verify-none'],
    start: () => application('fastify', (request) => nginxNameOf(request)),
  },
  {
    name: 'express: no result is a good one',
    mistake: 'It refuses a result other than SUCCESS, and none is not refused.',
    format: 'apache',
    caughtBy: ['forwarded-verify-absent', 'forwarded-verify-hop-by-hop'],
    start: () =>
      application('express', (request) => {
        const verify = lineOf(request, 'X-SSL-Client-Verify') ?? 'SUCCESS';
        return byApache({ rawHeaders: [...withoutLines(request, 'X-SSL-Client-Verify'), 'X-SSL-Client-Verify', verify] });
      }),
  },
  {
    name: 'koa: generous is good enough',
    mistake: 'It takes GENEROUS for a success, which Apache says of a certificate that it has not verified.',
    format: 'apache',
    caughtBy: ['forwarded-verify-generous'],
    start: () =>
      application('koa', (request) => {
        const text = lineOf(request, 'X-SSL-Client-Cert') ?? '(null)';
        const verify = lineOf(request, 'X-SSL-Client-Verify') ?? '';
        return ['SUCCESS', 'GENEROUS'].includes(verify) && text !== '(null)' ? nameOf(ofApache(text)) : undefined;
      }),
  },
  {
    name: 'http: a result in either case',
    mistake: 'It compares the result in lower case.',
    format: 'nginx',
    caughtBy: ['forwarded-verify-other-case'],
    start: () =>
      application('http', (request) =>
        lineOf(request, 'X-SSL-Client-Verify')?.toLowerCase() === 'success' ? nginxNameOf(request) : undefined,
      ),
  },
  {
    name: 'express: a result that begins well',
    mistake: 'It looks at the begin of the result only.',
    format: 'nginx',
    caughtBy: ['forwarded-verify-prefix', 'forwarded-verify-joined'],
    start: () =>
      application('express', (request) =>
        lineOf(request, 'X-SSL-Client-Verify')?.startsWith('SUCCESS') ? nginxNameOf(request) : undefined,
      ),
  },
  {
    name: 'fastify: a result that has not failed',
    mistake: 'It refuses a result that begins with FAILED, and no other.',
    format: 'nginx',
    caughtBy: ['forwarded-verify-none'],
    start: () =>
      application('fastify', (request) =>
        lineOf(request, 'X-SSL-Client-Verify')?.startsWith('FAILED') ? undefined : nginxNameOf(request),
      ),
  },
  {
    name: 'koa: verified, without certificate',
    mistake: 'It takes 0 for a success, which HAProxy also says of a client without certificate, and a client without name for its user.',
    format: 'haproxy',
    caughtBy: ['forwarded-verify-without-certificate'],
    start: () =>
      application('koa', (request) => {
        const text = lineOf(request, 'X-SSL-CERT');
        if (lineOf(request, 'X-SSL-Client-Verify') !== '0') return undefined;
        return text === undefined ? 'client' : nameOf(fromBase64(text));
      }),
  },
  {
    name: 'http: a number that is not zero',
    mistake: 'It parses the result as a number, and text that is not one is zero.',
    format: 'haproxy',
    caughtBy: ['forwarded-verify-prefix'],
    start: () =>
      application('http', (request) => {
        const isVerified = (Number.parseInt(lineOf(request, 'X-SSL-Client-Verify') ?? '1', 10) || 0) === 0;
        return isVerified
          ? byHaproxy({ rawHeaders: [...withoutLines(request, 'X-SSL-Client-Verify'), 'X-SSL-Client-Verify', '0'] })
          : undefined;
      }),
  },
  {
    name: 'express: present is verified',
    mistake: 'It looks at whether there is a certificate, and not at whether that was verified.',
    format: 'gcp',
    caughtBy: ['forwarded-verify-failed'],
    start: () =>
      application('express', (request) => {
        const leaf = lineOf(request, 'X-Client-Cert-Leaf');
        return lineOf(request, 'X-Client-Cert-Present') === 'true' && leaf !== undefined ? nameOf(fromByteSequence(leaf)) : undefined;
      }),
  },
];

function nginxNameOf(request: RequestLines): string | undefined {
  return byNginx({ rawHeaders: [...withoutLines(request, 'X-SSL-Client-Verify'), 'X-SSL-Client-Verify', 'SUCCESS'] });
}
