import { application } from '../application.ts';
import { byAlb, byApache, byBase64, byClientCert, byHaproxy, byNginx, nameOf } from '../correct-identities.ts';
import type { ForwardedMutant } from '../forwarded-application.ts';
import { asFrontProxy, behindFrontProxy } from '../front-proxy.ts';
import { fromBase64, fromByteSequence } from '../reading/encodings.ts';
import { linesOf, type RequestLines } from '../reading/header-lines.ts';

const caddy = byBase64('X-Client-Cert');

/** Applications that look at other lines of the request than the one that their proxy has written. */
export const brokenHeaderLines: readonly ForwardedMutant[] = [
  {
    name: 'http: the first of two headers',
    mistake: 'It takes the first line of a header that comes twice.',
    format: 'caddy',
    caughtBy: ['forwarded-doubled-forged-first'],
    start: () => application('http', (request) => byLine(linesOf(request, 'X-Client-Cert').at(0))),
  },
  {
    name: 'koa: the last of two headers',
    mistake: 'It keeps headers in a map, where the last line of a name stays.',
    format: 'caddy',
    caughtBy: ['forwarded-doubled-forged-last'],
    start: () => application('koa', (request) => byLine(linesOf(request, 'X-Client-Cert').at(-1))),
  },
  {
    name: 'express: the first of a joined value',
    mistake: 'It splits what Node.js has joined with a comma, and takes the first.',
    format: 'rfc9440',
    caughtBy: ['forwarded-doubled-forged-first'],
    start: () =>
      application('express', (request) => {
        const [first] = String(request.headers['client-cert'] ?? '').split(', ');
        return first ? nameOf(fromByteSequence(first)) : undefined;
      }),
  },
  {
    name: 'https: the first of two users',
    mistake: 'It takes the first line with a user, though it knows that its front proxy sends one.',
    format: 'kubernetes-front-proxy',
    options: { connect: asFrontProxy },
    caughtBy: ['forwarded-doubled-forged-first', 'forwarded-doubled-other-case'],
    start: ({ pki }) => behindFrontProxy(pki, (request) => linesOf(request, 'X-Remote-User')[0]),
  },
  {
    name: 'express: underscores as hyphens',
    mistake: 'It treats _ in names of headers as -, as CGI does.',
    format: 'nginx',
    caughtBy: ['forwarded-underscores'],
    start: () => application('express', (request) => byNginx(changed(request, (name, value) => [name.replaceAll('_', '-'), value]))),
  },
  {
    name: 'fastify: underscores win',
    mistake: 'It keeps headers by the names that CGI gives them, where a later one with underscores replaces the true one.',
    format: 'haproxy',
    caughtBy: ['forwarded-underscores-beside'],
    start: () =>
      application('fastify', (request) => {
        const values = new Map<string, string>();
        for (const [name, value] of Object.entries(request.headers)) values.set(name.replaceAll('_', '-'), String(value));
        return byHaproxy({ rawHeaders: [...values].flat() });
      }),
  },
  {
    name: 'koa: dots as hyphens',
    mistake: 'It treats dots in names of headers as hyphens.',
    format: 'caddy',
    caughtBy: ['forwarded-dots'],
    start: () => application('koa', (request) => caddy(changed(request, (name, value) => [name.replaceAll('.', '-'), value]))),
  },
  {
    name: 'http: trailers are headers',
    mistake: 'It reads the whole request, and merges its trailers into its headers.',
    format: 'haproxy',
    caughtBy: ['forwarded-trailer', 'forwarded-trailer-beside'],
    start: () =>
      application('http', async (request) => {
        for await (const chunk of request) void chunk;
        const merged = Object.entries({ ...request.headers, ...request.trailers });
        return byHaproxy({ rawHeaders: merged.flatMap(([name, value]) => [name, String(value)]) });
      }),
  },
  {
    name: 'fastify: the header of another proxy',
    mistake: 'It takes the header of another product where that of its proxy is missing.',
    format: 'aws-alb',
    caughtBy: ['forwarded-other-vendor-instead'],
    start: () =>
      application(
        'fastify',
        (request) => byAlb(request) ?? byClientCert(request) ?? byNginx(request) ?? byBase64('X-ARR-ClientCert')(request),
      ),
  },
  {
    name: 'http: the header of another proxy first',
    mistake: 'It looks for the headers of several products, in an order of its own.',
    format: 'azure-app-service',
    options: { proxyVerifies: true },
    caughtBy: ['forwarded-other-vendor-beside', 'forwarded-other-vendor-instead'],
    start: () => application('http', (request) => byClientCert(request) ?? byNginx(request) ?? byBase64('X-ARR-ClientCert')(request)),
  },
  {
    name: 'koa: the first of two verify headers',
    mistake: 'It takes the first of the headers that say whether the certificate was verified.',
    format: 'apache',
    caughtBy: ['forwarded-verify-doubled'],
    start: () =>
      application('koa', (request) => {
        const seen = new Set<string>();
        return byApache(
          changed(request, (name, value) => {
            const isRepeated = /verify$/iu.test(name) && seen.has(name.toLowerCase());
            seen.add(name.toLowerCase());
            return isRepeated ? [] : [name, value];
          }),
        );
      }),
  },
];

function byLine(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : nameOf(fromBase64(text));
}

/** A request of which each line was changed. */
function changed({ rawHeaders }: RequestLines, change: (name: string, value: string) => string[]): RequestLines {
  return { rawHeaders: rawHeaders.flatMap((name, index) => (index % 2 === 0 ? change(name, rawHeaders[index + 1] ?? '') : [])) };
}
