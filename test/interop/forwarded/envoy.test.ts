import { expect } from 'vitest';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki, type Identity } from '../../../src/index.ts';
import { testWith } from '../judges.ts';
import { callThrough, expectForwarded } from './call-through.ts';
import { startEnvoy } from './envoy-process.ts';
import { describeForwarding } from './forwarding-suite.ts';
import { linesOfHead, startRawBackend } from './raw-backend.ts';

await describeForwarding({
  tool: 'envoy',
  format: 'envoy',
  start: async (setup) =>
    startEnvoy(setup, [
      { forward: 'SANITIZE_SET', trust: 'VERIFY_TRUST_CHAIN' },
      { forward: 'SANITIZE_SET', trust: 'ACCEPT_UNTRUSTED' },
    ]),
  modes: [
    {
      name: 'VERIFY_TRUST_CHAIN',
      refuses: {
        CERT_HAS_EXPIRED: 'certificate_expired',
        DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown_ca',
        UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown_ca',
      },
    },
    { name: 'ACCEPT_UNTRUSTED', refuses: {} },
  ],
  isAmbiguous: ({ altNames: { uri } }) => uri.some((name) => /[",;]/u.test(name)), // Envoy quotes no URI name (envoyproxy/envoy#32945)
});

const by = 'spiffe://example.test/gateway';
const forged = 'By=spiffe://example.test/gateway;Hash=00;Subject="CN=admin";URI=spiffe://example.test/admin';

testWith('envoy')('Envoy names itself by its own URI name', async () => {
  const pki = createPki();
  const alice = pki.client('alice');
  await using backend = await startRawBackend();
  const setup = { pki, anchors: pki.anchors, backendPort: backend.port };
  await using proxy = await startEnvoy(setup, [{ forward: 'SANITIZE_SET', trust: 'VERIFY_TRUST_CHAIN', by }]);

  const { body } = await callThrough(proxy, { identity: alice, anchors: pki.anchors, headers: { 'x-forwarded-client-cert': forged } });

  expectForwarded(body, { format: 'envoy', identity: alice, by });
  expect(body).not.toContain('admin');
});

testWith('envoy')('what a client sends is before the element that Envoy appends, and is not read where one proxy is trusted', async () => {
  const pki = createPki();
  const alice = pki.client('alice', { uri: 'spiffe://example.test/alice' });
  await using backend = await startRawBackend();
  const setup = { pki, anchors: pki.anchors, backendPort: backend.port };
  await using proxy = await startEnvoy(setup, [{ forward: 'APPEND_FORWARD', trust: 'VERIFY_TRUST_CHAIN', by }]);

  const { body } = await callThrough(proxy, { identity: alice, anchors: pki.anchors, headers: { 'x-forwarded-client-cert': forged } });

  const lines = linesOfHead(body);
  expect(lines.find(([name]) => name === 'x-forwarded-client-cert')?.[1]).toMatch(`${forged},By=${by};Hash=`);
  expect(parseForwardedHeaders(lines, 'envoy', { hops: 1 }).certificate?.spiffeId).toBe('spiffe://example.test/alice');
  expect(() => parseForwardedHeaders(lines, 'envoy')).toThrow(
    expect.objectContaining({ facts: expect.objectContaining({ problem: expect.stringContaining('2 elements') }) }),
  );
});

testWith('envoy')('the issuer that newer versions add is compared with the certificate', async () => {
  const pki = createPki();
  await using backend = await startRawBackend();
  const setup = { pki, anchors: pki.anchors, backendPort: backend.port };
  const details = 'subject: true, cert: true, uri: true, issuer: true';
  await using proxy = await startEnvoy(setup, [{ forward: 'SANITIZE_SET', trust: 'VERIFY_TRUST_CHAIN', details }]);

  const { body } = await callThrough(proxy, { identity: pki.client('alice'), anchors: pki.anchors });

  const { certificate, fields } = parseForwardedHeaders(linesOfHead(body), 'envoy');
  expect(certificate?.commonName).toBe('alice');
  expect(fields).toMatchObject({ Subject: 'CN=alice', URI: [''], Issuer: expect.stringMatching(/^CN=.* issuing CA,O=mtls-fixtures$/u) });
});

// Of what a client itself sends by this name.
const becomes = {
  SANITIZE: { withoutCertificate: undefined, withCertificate: undefined },
  FORWARD_ONLY: { withoutCertificate: undefined, withCertificate: forged },
  APPEND_FORWARD: { withoutCertificate: undefined, withCertificate: `${forged},Hash=` },
  SANITIZE_SET: { withoutCertificate: undefined, withCertificate: 'Hash=' },
  ALWAYS_FORWARD_ONLY: { withoutCertificate: forged, withCertificate: forged },
} as const;

testWith('envoy')('each mode makes of an incoming header what its documentation says', async () => {
  const pki = createPki();
  const alice = pki.client('alice');
  const modes = ['SANITIZE', 'FORWARD_ONLY', 'APPEND_FORWARD', 'SANITIZE_SET', 'ALWAYS_FORWARD_ONLY'] as const;
  await using backend = await startRawBackend();
  const setup = { pki, anchors: pki.anchors, backendPort: backend.port };
  await using proxy = await startEnvoy(
    setup,
    modes.map((forward) => ({ forward, trust: 'VERIFY_TRUST_CHAIN' })),
  );
  const sent = async (index: number, identity?: Identity): Promise<string | undefined> => {
    const address = { ...proxy, port: proxy.port + index };
    const { body } = await callThrough(address, { identity, anchors: pki.anchors, headers: { 'x-forwarded-client-cert': forged } });
    const value = linesOfHead(body).find(([name]) => name === 'x-forwarded-client-cert')?.[1];
    return value?.replace(/(?<=(?:^|,)Hash=)[0-9a-f]{64}.*$/su, '');
  };

  for (const [index, mode] of modes.entries())
    expect({ withoutCertificate: await sent(index), withCertificate: await sent(index, alice) }, mode).toEqual(becomes[mode]);
});
