import { appendFileSync } from 'node:fs';
import https from 'node:https';
import { inject } from 'vitest';
import type { StartServer } from '../../../src/scenarios/run/target.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';

const only = ['expired-leaf', 'unknown-ca', 'no-client-certificate', 'resumption-after-revocation'];

describeServerUnderTest('server', { start }, { only });
describeServerUnderTest('accepts every client', { start: (configuration) => start(configuration, false) }, { only });

/** Tells the test which keys there are in this run: those of the authorities and of the server. */
function start({ identity, trust, crl }: Parameters<StartServer>[0], rejectUnauthorized = true): ReturnType<StartServer> {
  const file = process.env['MTLS_FIXTURES_TEST_KEYS'];
  const authorities = inject('mtlsFixturesPki')?.authorities.map(({ key }) => key) ?? [];
  if (file !== undefined) appendFileSync(file, [...authorities, identity.keyPem].join('\n'));
  return https.createServer(
    { key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true, rejectUnauthorized, ...(crl && { crl: [...crl] }) },
    (_request, response) => response.end(),
  );
}
