import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { ForwardedFormat } from '../../src/forwarded/format.ts';
import { headerFormats } from '../../src/forwarded/formats.ts';
import { forwardedHeaders, forwardedLines } from '../../src/forwarded/forwarded-headers.ts';
import { type ForwardedIdentity, parseForwardedHeaders } from '../../src/forwarded/parse-forwarded-headers.ts';
import { createPki, type Identity, MtlsFixturesError } from '../../src/index.ts';
import { listen } from '../support/slow-link.ts';
import { leafPlans, propertyTimeout, runs } from '../interop/plans.ts';

vi.setConfig({ testTimeout: propertyTimeout });

/** What is known again at the other end: the certificate and its issuers, and whether the proxy verified it. */
interface Forwarded {
  readonly certificate: 'always' | 'where it was verified' | 'never';
  readonly chain: boolean;
  readonly verified: boolean;
}

const certificateAlone: Forwarded = { certificate: 'always', chain: false, verified: false };
const forwarded: Readonly<Record<ForwardedFormat, Forwarded>> = {
  rfc9440: { ...certificateAlone, chain: true },
  envoy: { ...certificateAlone, chain: true },
  nginx: { ...certificateAlone, verified: true },
  apache: { ...certificateAlone, verified: true },
  haproxy: { ...certificateAlone, verified: true },
  traefik: { ...certificateAlone, chain: true },
  caddy: certificateAlone,
  'aws-alb': certificateAlone,
  'aws-alb-passthrough': { ...certificateAlone, chain: true },
  gcp: { certificate: 'where it was verified', chain: true, verified: true },
  'azure-app-service': certificateAlone,
  cloudflare: { ...certificateAlone, verified: true },
  'kubernetes-front-proxy': { certificate: 'never', chain: false, verified: false },
};

const pkis = [0, 1, 3].map((intermediates) => createPki({ intermediates }));
const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

test.for(headerFormats)('what $format says of any client is read again', ({ format }) => {
  const plans = fc.record({
    plan: leafPlans(),
    pki: fc.constantFrom(...pkis),
    verified: fc.constantFrom(true, true, false, 'CERT_HAS_EXPIRED', 'CERT_REVOKED', 'DEPTH_ZERO_SELF_SIGNED_CERT'),
  });
  fc.assert(
    fc.property(plans, ({ plan, pki, verified }) => {
      const identity = pki.issuer.issue({ ...plan.options, key });
      const lines = unlessRefused('control character', () => forwardedLines(identity, format, { verified })); // Go sends no header with one
      const hasSeparators = format === 'envoy' && /[,;="\\]/u.test([plan.options.uri, plan.options.dns].flat().join(' '));
      const isUnnamed = lines?.some(([name, value]) => name === 'X-Remote-User' && value === '') === true; // a common name of blanks, which Go trims
      const refusal = hasSeparators ? 'x-forwarded-client-cert' : isUnnamed ? 'X-Remote-User' : 'no refusal'; // Envoy quotes no URI
      const read = lines && unlessRefused(refusal, () => parseForwardedHeaders(lines, format));
      if (read) expectForwarded(read, { identity, format, verified });
    }),
    runs(60),
  );
});

test.for(headerFormats)('what $format says comes through HTTP as it was written, in each form that Node gives it', async ({ format }) => {
  const identity = pkis[1]?.client(undefined, {
    subject: { organization: ['Exämple', 'b, c'], commonName: 'Jörg "web" 01' },
    dns: 'a.test',
  });
  const received = await sendOver(forwardedHeaders(identity, format));

  expect(received.rawHeaders.filter((_unused, index) => index % 2 === 1)).toEqual(
    expect.arrayContaining(forwardedLines(identity, format).map(([, value]) => value.trim())),
  );
  for (const headers of [received.rawHeaders, received.headersDistinct])
    expect(parseForwardedHeaders(headers, format)).toEqual(parseForwardedHeaders(forwardedLines(identity, format), format));
});

test.for(headerFormats)('what $format says of a client without a certificate is read as that', ({ format }) => {
  const read = parseForwardedHeaders(forwardedLines(undefined, format), format);

  expect(read.certificate).toBe(undefined);
  expect(read.chain).toEqual([]);
  expect(read.verified ?? false).toBe(false);
});

test.for(headerFormats)('what $format says is read under the names that an operator chose', ({ format, names }) => {
  const [identity] = pkis.map((pki) => pki.client('alice'));
  const others = Object.fromEntries(Object.keys(names).map((field) => [field, `X-Other-${field}-`]));

  const lines = forwardedLines(identity, format, { names: others });

  expect(lines.filter(([name]) => !name.startsWith('X-Other-'))).toEqual([]);
  expect(parseForwardedHeaders(lines, format, { names: others })).toEqual(parseForwardedHeaders(forwardedLines(identity, format), format));
});

interface Sent {
  readonly identity: Identity;
  readonly format: ForwardedFormat;
  readonly verified: boolean | string;
}

function expectForwarded(read: ForwardedIdentity, { identity, format, verified }: Sent): void {
  const { certificate, chain, verified: isTold } = forwarded[format];
  const isForwarded = certificate === 'always' || (certificate === 'where it was verified' && verified === true);
  const presented = [...identity.chainPem.matchAll(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/gu)].map(([pem]) => pem);

  expect(read.certificate?.pem).toBe(isForwarded ? presented[0] : undefined);
  expect(read.chain.map(({ pem }) => pem)).toEqual(isForwarded && chain ? presented.slice(1) : []);
  expect(read.verified).toBe(isTold ? verified === true : undefined);
}

function unlessRefused<T>(reason: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof MtlsFixturesError && error.message.includes(reason)) return undefined;
    throw error;
  }
}

async function sendOver(headers: http.OutgoingHttpHeaders): Promise<http.IncomingMessage> {
  const { promise, resolve } = Promise.withResolvers<http.IncomingMessage>();
  const server = http.createServer((request, response) => {
    resolve(request);
    response.end();
  });
  const port = await listen(server);
  http.get({ port, host: '127.0.0.1', headers, agent: false }, (response) => response.resume());
  return promise;
}
