import type { TLSSocket } from 'node:tls';
import tls from 'node:tls';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createPki, type Handshake, type Identity, inspectCertificate, type ServerOptions, startHttpsServer } from '../../src/index.ts';
import type { ObservedServer } from '../../src/handshake/server/observed-server.ts';
import { describeWithChromium, startChromium } from './chromium.ts';

const pki = createPki();
/** Chromium takes the PKI's issuing CA for good, whoever signed it. */
const pin = inspectCertificate(pki.issuer.certificatePem).spkiSha256;

describeWithChromium()('Chromium by way of Playwright', () => {
  let browser: Browser;
  const trustedBefore = tls.getCACertificates('default');
  beforeAll(async () => {
    tls.setDefaultCACertificates([...trustedBefore, pki.anchors]); // Playwright itself shakes hands with the servers of clientCertificates
    browser = await startChromium([`--ignore-certificate-errors-spki-list=${pin}`]);
  });
  afterAll(async () => {
    tls.setDefaultCACertificates(trustedBefore);
    await browser?.close();
  });

  async function visit(server: ObservedServer, identity?: Identity): Promise<{ status: number; text: string }> {
    const context = await browser.newContext(identity ? { clientCertificates: [identity.forPlaywright(server.url)] } : {});
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const response = await page.goto(server.url);
    return { status: response?.status() ?? 0, text: (await page.textContent('body')) ?? '' };
  }

  test.for([
    ['TLSv1.3', 'ec-p256'],
    ['TLSv1.2', 'ec-p256'],
    ['TLSv1.3', 'ed25519'],
    ['TLSv1.3', 'rsa-2048'],
    ['TLSv1.2', 'rsa-2048'],
  ] as const)('a page over %s has the name in the %s certificate on it', async ([version, keyAlgorithm]) => {
    await using server = await startServer({ minVersion: version, maxVersion: version });

    const { status, text } = await visit(server, pki.client('alice', { keyAlgorithm }));

    expect({ status, text }).toEqual({ status: 200, text: 'hello alice' });
    // One for the page, and where it is quick enough another one for the icon.
    const seen = served(server).map(({ protocol, clientCertificate }) => `${protocol} ${clientCertificate?.commonName}`);
    expect([...new Set(seen)]).toEqual([`${version} alice`]);
  });

  test('without a certificate there is no page, but for a server that demands none there is', async () => {
    await using server = await startServer();
    await using lenient = await startServer({ clientAuth: 'none' });

    const control = await visit(lenient);
    const attempt = visit(server);

    expect(control).toEqual({ status: 200, text: 'hello anonymous' });
    await expect(attempt).rejects.toThrow(
      /net::ERR_(?:BAD_SSL_CLIENT_AUTH_CERT|SSL_CLIENT_AUTH_CERT_NEEDED|SOCKET_NOT_CONNECTED|CONNECTION_CLOSED|CONNECTION_RESET)/u,
    );
    expect(served(server)).toEqual([]);
    expect(server.handshakes.at(-1)).toMatchObject({
      verdict: 'rejected',
      rejectedBy: 'server',
      reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE',
    });
  });

  test.for([
    ['that has expired', pki.client('old', { notAfter: new Date(0) }), 'CERT_HAS_EXPIRED', /certificate expired/u],
    ['of another CA', createPki().client('mallory'), 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /unknown ca/u],
  ] as const)('with a certificate %s there is no page, and Playwright quotes the alert', async ([, identity, reason, words]) => {
    await using server = await startServer();

    const { status, text } = await visit(server, identity);

    expect(status).toBe(503); // of Playwright's own
    expect(text).toMatch(/Playwright client-certificate error/u);
    expect(text).toMatch(words);
    expect(served(server)).toEqual([]);
    expect(server.handshakes.at(-1)).toMatchObject({ verdict: 'rejected', rejectedBy: 'server', reason });
  });

  test('a server of another PKI is refused, and never gets the page’s request', async () => {
    const impostors = createPki();
    await using server = await startServer({ identity: impostors.server() });

    const { status, text } = await visit(server, pki.client('alice'));

    expect(status).toBe(503);
    expect(text).toMatch(/unable to (?:get local issuer certificate|verify the first certificate)|self-signed/u);
    expect(served(server)).toEqual([]);
  });
});

test.for(['http://localhost:1', 'localhost:8443', '', undefined])('"%s" is not an origin for a certificate', (origin) => {
  const identity = pki.client();

  expect(() => identity.forPlaywright(origin as string)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});

test('of a URL the origin counts', () => {
  expect(pki.client().forPlaywright('https://localhost:8443/path?x=1').origin).toBe('https://localhost:8443');
});

/** Playwright shakes hands once before, to learn the protocol, and sends nothing then. */
function served(server: ObservedServer): readonly Handshake[] {
  return server.handshakes.filter(({ verdict }) => verdict === 'accepted');
}

function startServer(options: Partial<ServerOptions> = {}): Promise<ObservedServer> {
  return startHttpsServer(
    (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate(); // of an https server
      response.setHeader('content-type', 'text/html');
      response.end(`<body>hello ${String(subject?.CN ?? 'anonymous')}</body>`);
    },
    { identity: pki.server(), trust: pki, ...options },
  );
}
