import tls from 'node:tls';
import { createPki, startHttpsServer } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';
import { onTestFinished } from 'vitest';
import { describeWithChromium, startChromium } from '../interop/chromium.ts';

describeWithChromium()('the guide to browsers', () => {
  test('a page for a client with a certificate', async () => {
    const trustedBefore = tls.getCACertificates('default');
    onTestFinished(() => tls.setDefaultCACertificates(trustedBefore));
    const browser = await startChromium();
    onTestFinished(() => browser.close());
    // #region page
    const pki = createPki();
    await using server = await startHttpsServer((_request, response) => response.end('hello'), { pki });
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), pki.anchors]); // the CAs that Playwright trusts

    const context = await browser.newContext({ clientCertificates: [pki.client('alice').forPlaywright(server.url)] });
    const page = await context.newPage();
    await page.goto(server.url);

    expect(await page.textContent('body')).toBe('hello');
    expect(server.handshakes.at(-1)).toHaveClientCertificate({ commonName: 'alice' });
    // #endregion
  });
});
