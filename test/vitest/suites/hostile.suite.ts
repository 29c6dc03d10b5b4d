import https from 'node:https';
import { createPki } from '../../../src/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';

/** Ends a script, starts an element that runs one, and turns the text around. */
const hostile = '</script><img src=x onerror=globalThis.fallen=1>"\'&\u{202e}';
const pki = createPki({ name: hostile });

describeServerUnderTest(
  `hostile ${hostile}`,
  {
    start: ({ trust }) => {
      const identity = pki.server({
        subject: hostile,
        dns: 'localhost',
        ip: '127.0.0.1',
        uri: 'https://example.test/?</script><img/src=x/onerror=globalThis.fallen=1>',
      });
      return https.createServer(
        { key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true, rejectUnauthorized: true },
        (_request, response) => response.end(),
      );
    },
  },
  { pki, only: ['expired-leaf', 'unknown-ca'], versions: ['TLSv1.3'], skip: { 'unknown-ca': hostile } },
);
