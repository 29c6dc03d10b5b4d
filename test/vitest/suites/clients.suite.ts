import https from 'node:https';
import type { ClientCall } from '../../../src/scenarios/run/target.ts';
import { describeClientUnderTest } from '../../../src/vitest/index.ts';

const few = ['expired-leaf', 'expired-intermediate', 'validity-generalizedtime-2050'];

describeClientUnderTest('correct', get({}), { only: few });
describeClientUnderTest('trusts every server', get({ rejectUnauthorized: false }), { only: few, versions: ['TLSv1.3'] });
describeClientUnderTest('trusts no server', get({ ca: [] }), { only: few, versions: ['TLSv1.3'] });

function get(extra: https.RequestOptions): ClientCall {
  return ({ url, tls }) =>
    new Promise((resolve, reject) => {
      https
        .get(url, { agent: false, ...tls, ...extra }, (response) => {
          response.resume();
          response.on('end', resolve);
        })
        .on('error', reject);
    });
}
