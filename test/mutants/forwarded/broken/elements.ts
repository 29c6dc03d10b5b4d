import { X509Certificate } from 'node:crypto';
import { application } from '../application.ts';
import { byEnvoy, nameInElement, nameOf } from '../correct-identities.ts';
import type { ForwardedMutant } from '../forwarded-application.ts';
import { fromBase64, fromByteSequence } from '../reading/encodings.ts';
import { lineOf, linesOf, type RequestLines } from '../reading/header-lines.ts';
import { valueOf, type XfccElement, xfccElements } from '../reading/xfcc.ts';

const header = 'X-Forwarded-Client-Cert';

/** Applications behind Envoy, and behind proxies whose header is a list, which take the wrong element of it or read it by a rule of their own. */
export const brokenElements: readonly ForwardedMutant[] = [
  {
    name: 'express: the first element of XFCC',
    mistake: 'It takes the first of several elements, which the client may have sent itself.',
    format: 'envoy',
    caughtBy: ['forwarded-joined-forged-first', 'forwarded-joined-without-blank'],
    start: () => application('express', (request) => elementsOf(request).map(nameInElement)[0]),
  },
  {
    name: 'fastify: any element of XFCC',
    mistake: 'It looks for its user in all elements.',
    format: 'envoy',
    caughtBy: ['forwarded-joined-forged-first'],
    start: () =>
      application('fastify', (request) =>
        elementsOf(request)
          .map(nameInElement)
          .find((name) => name === 'client'),
      ),
  },
  {
    name: 'http: XFCC by a regular expression',
    mistake: 'It looks for a key anywhere in the header, also in values that Envoy writes without quotes.',
    format: 'envoy',
    caughtBy: ['forwarded-xfcc-key-in-uri'],
    start: () => application('http', (request) => (/[;,]Subject="CN=client"/u.test(lineOf(request, header) ?? '') ? 'client' : undefined)),
  },
  {
    name: 'express: XFCC split at separators',
    mistake: 'It splits at each comma and semicolon, also within quotes, so that a subject can hold a key of its own.',
    format: 'envoy',
    caughtBy: ['forwarded-xfcc-key-in-subject'],
    start: () =>
      application('express', (request) => {
        const pairs = (lineOf(request, header) ?? '').split(/[;,]/u).map((pair) => /^(?<key>[^=]+)=(?<value>.*)$/u.exec(pair)?.groups);
        const subject = pairs.findLast((pair) => pair?.['key'] === 'Subject')?.['value'];
        return subject?.replaceAll(/["\\]/gu, '') === 'CN=client' ? 'client' : undefined;
      }),
  },
  {
    name: 'fastify: the hash alone',
    mistake: 'It knows its user by the hash of the certificate, and does not compare that with the certificate beside it.',
    format: 'envoy',
    caughtBy: ['forwarded-xfcc-hash-of-authorized'],
    start: () => {
      const known = new Set<string>();
      return application('fastify', (request) => {
        const [element] = elementsOf(request);
        const hash = element && valueOf(element, 'hash');
        if (hash !== undefined && known.has(hash)) return 'client';
        const name = byEnvoy(request);
        if (name === 'client' && hash !== undefined) known.add(hash);
        return name;
      });
    },
  },
  {
    name: 'koa: the subject beside the certificate',
    mistake: 'It takes the name from the header with the subject, and does not compare that with the certificate beside it.',
    format: 'nginx',
    caughtBy: ['forwarded-subject-of-other'],
    start: () =>
      application('koa', (request) => {
        const verify = lineOf(request, 'X-SSL-Client-Verify');
        return verify === 'SUCCESS' && lineOf(request, 'X-SSL-Client-S-DN') === 'CN=client' ? 'client' : undefined;
      }),
  },
  {
    name: 'http: any of the chain',
    mistake: 'It looks for its user among all certificates of the chain.',
    format: 'traefik',
    caughtBy: ['forwarded-chain-first-forged', 'forwarded-chain-last-forged'],
    start: () =>
      application('http', (request) => {
        const text = lineOf(request, 'X-Forwarded-Tls-Client-Cert');
        return text
          ?.split(',')
          .map((one) => nameOf(fromBase64(one)))
          .find((name) => name === 'client');
      }),
  },
  {
    name: 'express: a chain without certificate',
    mistake: 'It takes the first certificate of both headers, also where that of the certificate is missing.',
    format: 'rfc9440',
    caughtBy: ['forwarded-chain-alone'],
    start: () =>
      application('express', (request) => {
        const [first] = [...linesOf(request, 'Client-Cert'), ...linesOf(request, 'Client-Cert-Chain')];
        return first === undefined ? undefined : nameOf(fromByteSequence(first.split(', ')[0] ?? ''));
      }),
  },
  {
    name: 'http: the first of a list',
    mistake: 'It splits a value at commas, and takes the first.',
    format: 'caddy',
    caughtBy: ['forwarded-joined-forged-first'],
    start: () => application('http', (request) => nameOf(fromBase64(lineOf(request, 'X-Client-Cert')?.split(/, ?/u)[0] ?? ''))),
  },
  {
    name: 'express: the last of a list',
    mistake: 'It splits a value at commas, and takes the last.',
    format: 'caddy',
    caughtBy: ['forwarded-joined-forged-last'],
    start: () => application('express', (request) => nameOf(fromBase64(lineOf(request, 'X-Client-Cert')?.split(/, ?/u).at(-1) ?? ''))),
  },
  {
    name: 'koa: the first of several PEMs',
    mistake: 'It takes the first certificate of a text that is to hold one.',
    format: 'nginx',
    caughtBy: ['forwarded-two-pem-forged-first'],
    start: () =>
      application('koa', (request) => {
        const pem = lineOf(request, 'X-SSL-CERT');
        if (pem === undefined || lineOf(request, 'X-SSL-Client-Verify') !== 'SUCCESS') return undefined;
        return nameOf(new X509Certificate(decodeURIComponent(pem)));
      }),
  },
];

function elementsOf(request: RequestLines): XfccElement[] {
  const text = lineOf(request, header);
  return text === undefined ? [] : xfccElements(text);
}
