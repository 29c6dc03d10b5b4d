import { expect, test } from 'vitest';
import { startFaultServer } from '../../../../src/faults/server/start-fault-server.ts';
import { createPki } from '../../../../src/index.ts';
import type { ServerFault } from '../../../../src/scenarios/index.ts';

const pki = createPki({ name: 'flights' });

test.for<readonly [string, object, object, RegExp]>([
  ['a name that does not exist', { flight: 'certificate-vanished' }, {}, /flight "certificate-vanished"/u],
  [
    'a fault of TLS 1.3 where only TLS 1.2 is allowed',
    { flight: 'finished-alone' },
    { maxVersion: 'TLSv1.2' },
    /maxVersion "TLSv1\.2".*TLSv1\.3/u,
  ],
  [
    'a fault of TLS 1.2 where only TLS 1.3 is allowed',
    { flight: 'key-exchange-md5' },
    { minVersion: 'TLSv1.3' },
    /minVersion "TLSv1\.3".*TLSv1\.2/u,
  ],
  ['an identity whose key cannot sign so', { flight: 'certificate-verify-pkcs1' }, {}, /identity.*RSA/u],
  ['an answer to a flight that is not called so', { flight: 'finished-alone' }, { onConnection: () => {} }, /onConnection/u],
])('a fault server refuses %s', async ([, fault, options, message]) => {
  const identity = pki.server();
  await using control = await startFaultServer({ kind: 'edited-flight', flight: 'certificate-empty' }, { identity });

  expect(control.port).toBeGreaterThan(0);
  // As a caller without types would write it.
  await expect(startFaultServer({ kind: 'edited-flight', ...fault } as ServerFault, { identity, ...options })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringMatching(message),
  });
});

test('an identity is needed', async () => {
  await expect(startFaultServer({ kind: 'edited-flight', flight: 'certificate-empty' })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
});
