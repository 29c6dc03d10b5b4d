import http from 'node:http';
import { expect, test } from 'vitest';
import { type GatewayOptions, startGateway } from '../../../src/forwarded/index.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { mirror } from './application.ts';

const pki = createPki();

test.for<[what: string, options: object, option: string, value: string]>([
  ['an unknown format', { format: 'rfc9441' }, 'format', 'rfc9441'],
  ['no format', { format: undefined }, 'format', 'undefined'],
  ['neither pki nor identity', { pki: undefined }, 'identity', 'undefined'],
  ['no upstream', { upstream: undefined }, 'upstream', 'undefined'],
  ['a misspelled option', { upstreem: mirror }, 'gateway option', 'upstreem'],
  ['a key of Node', { key: 'x' }, 'gateway option', 'key'],
  ['strip that is text', { strip: 'no' }, 'strip', 'no'],
  ['chain that is a number', { chain: 1 }, 'chain', '1'],
  ['maxRequests of zero', { maxRequests: 0 }, 'maxRequests', '0'],
  ['names that are text', { names: 'X-Client-Cert' }, 'names', 'X-Client-Cert'],
  ['a name for what the format does not say', { names: { serial: 'X-Serial' } }, 'names', 'serial'],
  ['a name that is not one of a header', { names: { certificate: 'X Client' } }, 'names.certificate', 'X Client'],
  ['a name that is not text', { names: { certificate: 1 } }, 'names.certificate', '1'],
])('%s is refused, and nothing has opened', async ([, options, option, value]) => {
  const upstream = http.createServer(mirror);

  await expect(startGateway({ pki, upstream, format: 'rfc9440', ...options })).rejects.toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option, value }) as object }),
  );
  expect(upstream.listening).toBe(false);
});

test('options that are not an object are refused', async () => {
  await expect(startGateway(undefined as unknown as GatewayOptions)).rejects.toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});

test('where the port of the gateway is taken, the upstream that was opened for it is closed', async () => {
  await using first = await startGateway({ pki, upstream: mirror, format: 'rfc9440' });
  const upstream = http.createServer(mirror);

  await expect(startGateway({ pki, upstream, format: 'rfc9440', port: first.port })).rejects.toThrow(
    expect.objectContaining({ code: 'PORT_IN_USE' }),
  );
  expect(upstream.listening).toBe(false);
});
