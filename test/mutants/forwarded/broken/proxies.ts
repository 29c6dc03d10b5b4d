import { byBase64, nameOf } from '../correct-identities.ts';
import type { ForwardedMutant } from '../forwarded-application.ts';
import { fromBase64 } from '../reading/encodings.ts';
import { linesOf, withoutLines } from '../reading/header-lines.ts';
import { header, proxied } from '../terminating-proxy.ts';

const caddy = { format: 'caddy', through: 'proxy' } as const;
const identify = byBase64(header);

/** Proxies that pass on what a client sends in the header, with applications that are right or take the wrong one. */
export const brokenProxies: readonly ForwardedMutant[] = [
  {
    ...caddy,
    name: 'proxy: keeps a header that is there',
    mistake: 'It names the client where the header is not there yet.',
    caughtBy: ['forwarded-through-same-name', 'forwarded-through-without-certificate'],
    start: ({ pki }) =>
      proxied({ pki, identify, forward: (request, own) => [...request.rawHeaders, ...(linesOf(request, header).length > 0 ? [] : own)] }),
  },
  {
    ...caddy,
    name: 'proxy: keeps it without certificate',
    mistake: 'It replaces the header of a client with a certificate, and leaves that of a client without one.',
    caughtBy: ['forwarded-through-without-certificate'],
    start: ({ pki }) =>
      proxied({
        pki,
        identify,
        forward: (request, own) => (own.length > 0 ? [...withoutLines(request, header), ...own] : request.rawHeaders),
      }),
  },
  {
    ...caddy,
    name: 'proxy: adds a line',
    mistake: 'It adds its line behind those of the client, of which the application takes the first.',
    caughtBy: ['forwarded-through-same-name'],
    start: ({ pki }) =>
      proxied({
        pki,
        identify(request) {
          const [first] = linesOf(request, header);
          return first === undefined ? undefined : nameOf(fromBase64(first));
        },
        forward: (request, own) => [...request.rawHeaders, ...own],
      }),
  },
  {
    ...caddy,
    name: 'proxy: removes one letter case',
    mistake: 'It removes the header where its name is written as it writes it.',
    caughtBy: ['forwarded-through-other-case'],
    start: ({ pki }) =>
      proxied({
        pki,
        identify(request) {
          const [first] = linesOf(request, header);
          return first === undefined ? undefined : nameOf(fromBase64(first));
        },
        forward: ({ rawHeaders }, own) => [...rawHeaders.filter((_text, index) => rawHeaders[index - (index % 2)] !== header), ...own],
      }),
  },
  {
    ...caddy,
    name: 'proxy: underscores that become hyphens',
    mistake: 'It passes on a name with underscores, which its application takes for the same.',
    caughtBy: ['forwarded-through-underscores'],
    start: ({ pki }) =>
      proxied({
        pki,
        identify: ({ rawHeaders }) => identify({ rawHeaders: lastOfEach(rawHeaders) }),
        forward: (request, own) => [...own, ...withoutLines(request, header)],
      }),
  },
  {
    ...caddy,
    name: 'proxy: trailers become headers',
    mistake: 'It passes on trailers as headers.',
    caughtBy: ['forwarded-through-trailer'],
    start: ({ pki }) =>
      proxied({
        pki,
        identify,
        forward: (request, own) => {
          const trailing = linesOf({ rawHeaders: request.rawTrailers }, header).flatMap((value) => [header, value]);
          return [...withoutLines(request, header), ...(trailing.length > 0 ? trailing : own)];
        },
      }),
  },
];

/** As CGI has them: _ for -, and the last of each name. */
function lastOfEach(rawHeaders: readonly string[]): string[] {
  const values = new Map<string, string>();
  for (const [index, name] of rawHeaders.entries())
    if (index % 2 === 0) values.set(name.toLowerCase().replaceAll('_', '-'), rawHeaders[index + 1] ?? '');
  return [...values].flat();
}
