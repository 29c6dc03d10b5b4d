import https from 'node:https';
import { createPki } from '../../../src/index.ts';
import type { StartServer } from '../../../src/scenarios/run/target.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';

const few = ['expired-leaf', 'expired-intermediate', 'validity-generalizedtime-2050'];

describeServerUnderTest('correct', { start: startWith({}) }, { only: few });
describeServerUnderTest('accepts every client', { start: startWith({ rejectUnauthorized: false }) }, { only: few, versions: ['TLSv1.3'] });
describeServerUnderTest('refuses every client', { start: startWith({ ca: createPki().anchors }) }, { only: few, versions: ['TLSv1.3'] });
describeServerUnderTest(
  'skips',
  { start: startWith({ rejectUnauthorized: false }) },
  {
    only: ['expired-leaf', 'expired-intermediate'],
    versions: ['TLSv1.2'],
    skip: { 'expired-leaf': 'known, see #12' },
    expected: { 'expired-intermediate': { verdict: 'accepted' } },
  },
);
describeServerUnderTest('does not start', {
  start: () => {
    throw new Error('port taken');
  },
});

function startWith(options: https.ServerOptions): StartServer {
  return ({ identity, trust }) =>
    https.createServer(
      { key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true, rejectUnauthorized: true, ...options },
      (_request, response) => response.end(),
    );
}
