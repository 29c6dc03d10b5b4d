import { application } from '../application.ts';
import { byClientCert, byEnvoy } from '../correct-identities.ts';
import type { ForwardedMutant } from '../forwarded-application.ts';
import { lineOf, type RequestLines } from '../reading/header-lines.ts';

/** Applications that look for a part of a name in its text. */
export const brokenNames: readonly ForwardedMutant[] = [
  {
    name: 'koa: any client of the CA',
    mistake: 'It lets in whichever client the proxy has verified.',
    format: 'rfc9440',
    caughtBy: ['forwarded-other-client'],
    start: () => application('koa', (request) => (byClientCert(request) === undefined ? undefined : 'client')),
  },
  {
    name: 'http: a name that ends like it',
    mistake: 'It compares the end of the name.',
    format: 'envoy',
    caughtBy: ['forwarded-name-prefix'],
    start: () => application('http', (request) => (byEnvoy(request)?.endsWith('client') ? 'client' : undefined)),
  },
  {
    name: 'express: a subject that has the name',
    mistake: 'It looks for CN= and the name anywhere in the subject.',
    format: 'nginx',
    caughtBy: ['forwarded-name-suffix'],
    start: () => application('express', (request) => (subjectOf(request).includes('CN=client') ? 'client' : undefined)),
  },
  {
    name: 'fastify: expression without anchors',
    mistake: 'It looks for a whole attribute, which is also found within the value of another.',
    format: 'nginx',
    caughtBy: ['forwarded-name-after-comma'],
    start: () => application('fastify', (request) => /CN=(?<name>[^,]+)$/u.exec(subjectOf(request))?.groups?.['name']),
  },
  {
    name: 'koa: a subject split at commas',
    mistake: 'It splits the subject at commas, also at those that are escaped.',
    format: 'aws-alb',
    caughtBy: ['forwarded-name-after-comma'],
    start: () =>
      application('koa', (request) => {
        const parts = lineOf(request, 'X-Amzn-Mtls-Clientcert-Subject')?.split(',') ?? [];
        return new Map(parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)])).get('CN');
      }),
  },
  {
    name: 'http: a subject split at slashes',
    mistake: 'It splits a subject at slashes, which HAProxy does not escape in values.',
    format: 'haproxy',
    caughtBy: ['forwarded-name-after-slash'],
    start: () =>
      application('http', (request) => {
        if (lineOf(request, 'X-SSL-Client-Used') !== '1' || lineOf(request, 'X-SSL-Client-Verify') !== '0') return undefined;
        const parts = lineOf(request, 'X-SSL-Client-DN')?.split('/') ?? [];
        return parts.find((part) => part.startsWith('CN='))?.slice(3);
      }),
  },
];

/** Where nginx verified. */
function subjectOf(request: RequestLines): string {
  return lineOf(request, 'X-SSL-Client-Verify') === 'SUCCESS' ? (lineOf(request, 'X-SSL-Client-S-DN') ?? '') : '';
}
