import { once } from 'node:events';
import https from 'node:https';
import type tls from 'node:tls';
import { Agent, fetch } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { encodePem } from '../../../../src/asn1/pem.ts';
import { handshakeFailure } from '../../../../src/handshake/verdict/client-errors/handshake-failure.ts';
import { hiddenReason } from '../../../../src/handshake/verdict/reasons/hidden-reason.ts';
import { extended, makeChain, pemOf } from '../../../x509/verification/chain-maker.ts';
import { constrained, unknownCritical } from '../../../x509/verification/chain-changes.ts';

describe("an error of a client library that has OpenSSL's words", () => {
  const refuse = makeChain('server', constrained({ excluded: { dns: 'localhost' } }));
  const calls = {
    'https.get': (url: string) =>
      new Promise((_resolve, reject) => {
        https.get(url, { ca: pemOf(refuse.anchors), agent: false }).on('error', reject);
      }),
    fetch: async (url: string) => {
      const dispatcher = new Agent({ connect: { ca: pemOf(refuse.anchors) } });
      try {
        return await fetch(url, { dispatcher });
      } finally {
        await dispatcher.destroy();
      }
    },
  } as const;

  test.for(Object.entries(calls))('%s', async ([, call]) => {
    const server = https.createServer({ key: refuse.identity.keyPem, cert: refuse.identity.chainPem });
    server.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');

    const error: unknown = await call(`https://localhost:${(server.address() as { port: number }).port}`).catch(
      (reason: unknown) => reason,
    );

    expect(handshakeFailure(error)).toMatchObject({ by: 'client', reason: 'EXCLUDED_VIOLATION' });
  });
});

describe('an error whose words are not known', () => {
  const { chain, anchors } = makeChain('server', { leaf: extended(unknownCritical) });
  const failed = { code: 'UNSPECIFIED', chain, context: { ca: pemOf(anchors) } };

  test('is named from the certificates', () => {
    expect(hiddenReason({ ...failed, words: 'some other words' })).toBe('UNHANDLED_CRITICAL_EXTENSION');
    expect(hiddenReason({ ...failed, words: 'some other words', chain: undefined })).toBeUndefined();
    expect(handshakeFailure(Object.assign(new Error('some other words'), { code: 'UNSPECIFIED' }))).toMatchObject({
      by: 'client',
      reason: 'UNSPECIFIED',
    });
  });

  test('is not named where OpenSSL says that it is an error within', () => {
    expect(hiddenReason({ ...failed, words: 'unspecified certificate verification error' })).toBeUndefined();
  });

  test('is not named where Node names it, or it is not a verification at all', () => {
    const words = 'permitted subtree violation';

    expect(handshakeFailure(Object.assign(new Error(words), { code: 'UNSPECIFIED' }))).toMatchObject({ reason: 'PERMITTED_VIOLATION' });
    expect(handshakeFailure(Object.assign(new Error(words), { code: 'CERT_HAS_EXPIRED' }))).toMatchObject({ reason: 'CERT_HAS_EXPIRED' });
    expect(handshakeFailure(Object.assign(new Error(words), { code: 'ECONNRESET' }))).toBeUndefined();
    expect(hiddenReason({ ...failed, code: 'CERT_HAS_EXPIRED' })).toBeUndefined();
  });
});

describe('what is trusted is read as Node reads it', () => {
  const made = makeChain('client', { root: extended(unknownCritical) });
  const pem = pemOf(made.anchors);
  const reason = (ca: tls.SecureContextOptions['ca'], others: object = {}) =>
    hiddenReason({ code: 'UNSPECIFIED', chain: made.chain, context: { ...(ca !== undefined && { ca }), ...others } });

  test.for([
    ['text', pem],
    ['a list', ['', `text around it\n${pem}`]],
    ['bytes', Buffer.from(pem)],
    ['a trusted certificate', encodePem('TRUSTED CERTIFICATE', Buffer.concat([...made.anchors, Uint8Array.of(0x30, 0x00)]))],
  ] as [string, tls.SecureContextOptions['ca']][])('%s', ([, ca]) => {
    expect(reason(ca)).toBe('UNHANDLED_CRITICAL_EXTENSION');
  });

  test.for([
    ['the public roots', undefined, {}],
    ['the public roots, for an empty text', '', {}],
    ['others of a PKCS#12 file', pem, { pfx: Buffer.alloc(1) }],
    ['intermediates', pem, { allowPartialTrustChain: true }],
    ['text that has no end', '-----BEGIN CERTIFICATE-----\n', {}],
  ] as const)('or is not known: %s', ([, ca, others]) => {
    expect(reason(ca, others)).toBeUndefined();
  });
});
