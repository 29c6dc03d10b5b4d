import { X509Certificate } from 'node:crypto';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { createPki } from '../../../src/index.ts';
import { describeForwardedUnderTest, type ForwardedSource } from '../../../src/vitest/index.ts';

const pki = createPki();

type Read = (request: http.IncomingMessage) => string | undefined;

/** An application that authorizes one client, whose name is read from a request by this function. */
function application(read: Read): http.RequestListener {
  return (request, response) => {
    request.resume();
    request.on('end', () => {
      try {
        const name = read(request);
        response.writeHead(name === 'client' ? 200 : 403, { 'X-Client': name }).end(name);
      } catch (error) {
        response.writeHead(400).end(String(error));
      }
    });
  };
}

/** The common name of the certificate in a Byte Sequence, as RFC 9440 has it. */
function nameIn(value: string): string | undefined {
  const [, base64 = ''] = /^:([A-Za-z0-9+/]+={0,2}):$/u.exec(value) ?? [];
  const der = Buffer.from(base64, 'base64');
  const certificate = new X509Certificate(der);
  if (certificate.raw.length !== der.length || certificate.ca) throw new Error('not the certificate of one client');
  return /^CN=(.*)$/u.exec(certificate.subject)?.[1];
}

const correct: Read = ({ headersDistinct: { 'client-cert': [value = '', ...others] = [] } }) => {
  if (others.length > 0) throw new Error('it came twice');
  return nameIn(value);
};

/** Believes whatever stands first. */
const takesFirst: Read = ({ headers: { 'client-cert': values = '' } }) => nameIn(String(values).split(',')[0]?.trim() ?? '');

/** Remembers who a connection belongs to. */
function remembersConnections(): Read {
  const names = new WeakMap<object, string | undefined>();
  return (request) => {
    const { socket } = request;
    if (request.headers['client-cert'] !== undefined) names.set(socket, correct(request));
    return names.get(socket);
  };
}

/** Finds the name anywhere in the subject. */
const searchesSubject: Read = ({ headersDistinct: { 'client-cert': [value = ''] = [] } }) =>
  new X509Certificate(Buffer.from(value.slice(1, -1), 'base64')).subject.includes('CN=client') ? 'client' : undefined;

const startOf = (read: Read): Pick<ForwardedSource, 'start' | 'format'> => ({ start: () => application(read), format: 'rfc9440' });

describeForwardedUnderTest('correct', startOf(correct), { pki, tiers: ['core', 'control', 'extended'] });
describeForwardedUnderTest('takes the first', startOf(takesFirst), { pki });
describeForwardedUnderTest('remembers connections', startOf(remembersConnections()), { pki });
describeForwardedUnderTest('searches the subject', startOf(searchesSubject), { pki });
describeForwardedUnderTest('says who it is', startOf(correct), {
  pki,
  only: ['forwarded-other-client', 'forwarded-name-lower-case', 'forwarded-doubled-forged-first'],
  identity: ({ headers }) => headers['x-client'],
});

const everyClient = { start: (): http.RequestListener => application(() => 'client'), format: 'rfc9440' } as const;
describeForwardedUnderTest('accepts every client', everyClient, { pki, only: ['forwarded-header-absent', 'forwarded-other-client'] });
describeForwardedUnderTest(
  'refuses every client',
  startOf(() => 'another client'),
  { pki, only: ['forwarded-header-absent', 'forwarded-nul'] },
);
describeForwardedUnderTest(
  'redirects',
  {
    start: () => (request, response) => void response.writeHead(request.headers['client-cert'] === undefined ? 302 : 200).end(),
    format: 'rfc9440',
  },
  { pki, only: ['forwarded-other-client'] },
);
describeForwardedUnderTest('skips one', startOf(correct), {
  pki,
  only: ['forwarded-direct', 'forwarded-garbage'],
  skip: { 'forwarded-direct': 'one port' },
});
describeForwardedUnderTest(
  'answers 500',
  {
    start: () => (request, response) => {
      try {
        const name = correct(request);
        response.writeHead(name === 'client' ? 200 : 403).end();
      } catch {
        response.writeHead(request.headers['client-cert'] === undefined ? 401 : 500).end();
      }
    },
    format: 'rfc9440',
  },
  { pki, only: ['forwarded-garbage', 'forwarded-other-client'] },
);

/** One port for the proxy, another for other callers, on which the header is believed too. */
const withOtherPort = (believed: boolean): ForwardedSource => ({
  start: () => ({
    server: http.createServer(application(correct)),
    direct: http.createServer(application(believed ? correct : () => undefined)),
  }),
  format: 'rfc9440',
});
describeForwardedUnderTest('believes the header on any port', withOtherPort(true), { pki, only: ['forwarded-direct'] });
describeForwardedUnderTest('believes the header on one port', withOtherPort(false), { pki, only: ['forwarded-direct'] });

const verifies: Read = (request) => {
  const name = correct(request);
  const [value = ''] = request.headersDistinct['client-cert'] ?? [];
  const certificate = new X509Certificate(Buffer.from(value.slice(1, -1), 'base64'));
  const issuer = new X509Certificate(pki.issuer.certificatePem);
  const now = Date.now();
  if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) throw new Error('of another CA');
  if (Date.parse(certificate.validFrom) > now || Date.parse(certificate.validTo) < now) throw new Error('not valid now');
  if (!certificate.keyUsage.includes('1.3.6.1.5.5.7.3.2')) throw new Error('not for clients');
  return name;
};
const faulty = [
  'forwarded-certificate-expired',
  'forwarded-certificate-not-yet-valid',
  'forwarded-certificate-of-impostor',
  'forwarded-certificate-of-other-ca',
  'forwarded-certificate-self-signed',
  'forwarded-certificate-signature-forged',
  'forwarded-certificate-for-servers',
];
describeForwardedUnderTest('verifies by itself', startOf(verifies), { pki, only: faulty, proxyVerifies: false });
describeForwardedUnderTest('verifies nothing', startOf(correct), { pki, only: faulty, proxyVerifies: false });
describeForwardedUnderTest('relies on the proxy', startOf(correct), { pki, only: faulty });

/** A proxy that ends TLS, in one process with the application; `strips`: whether it removes what clients send. */
function proxied(strips: (name: string, request: http.IncomingMessage) => boolean): http.RequestListener {
  return application((request) => {
    const { rawHeaders } = request;
    const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []));
    const passed = lines.find(([name]) => !strips(name, request) && name.replaceAll('_', '-').toLowerCase() === 'client-cert');
    const { raw } = (request.socket as TLSSocket).getPeerCertificate(); // of an https or http2 server
    return nameIn(passed?.[1] ?? (raw ? `:${raw.toString('base64')}:` : '')); // absent where the client has none
  });
}

const { keyPem: key, chainPem: cert } = pki.server();
const tls = { key, cert, ca: pki.anchors, requestCert: true, rejectUnauthorized: false };
const through = { format: 'rfc9440', through: 'proxy' } as const;
const isHeader = (name: string): boolean => /^client[-_.]cert$/iu.test(name);
describeForwardedUnderTest('strips everything', { start: () => https.createServer(tls, proxied(isHeader)), ...through }, { pki });
describeForwardedUnderTest(
  'strips one spelling',
  {
    start: () =>
      https.createServer(
        tls,
        proxied((name) => name === 'Client-Cert'),
      ),
    ...through,
  },
  { pki },
);
describeForwardedUnderTest(
  'strips nothing over HTTP/2',
  {
    start: () =>
      http2.createSecureServer(
        { ...tls, allowHTTP1: true },
        // HTTP/2 has the request and response of node:http
        proxied((name, { httpVersion }) => httpVersion !== '2.0' && isHeader(name)) as never,
      ),
    ...through,
  },
  { pki },
);
