import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { inspectCertificate } from '../../../src/index.ts';
import { startWorkloadApi } from '../../../src/spiffe/index.ts';
import { openStream } from './grpc-client.ts';

const trustDomain = 'example.test';
const web = 'spiffe://example.test/web';

/** Of the only SVID of a message. */
interface Svid {
  readonly x509_svid: Buffer;
  readonly x509_svid_key: Buffer;
  readonly bundle: Buffer;
}

test.for<[damage: Parameters<Awaited<ReturnType<typeof startWorkloadApi>>['damage']>[0], isSo: (svid: Svid, before: Svid) => boolean]>([
  ['empty-bundle', ({ bundle }) => bundle.length === 0],
  ['empty-key', (svid) => svid.x509_svid_key.length === 0],
  ['key-of-another', (svid) => !new X509Certificate(svid.x509_svid).checkPrivateKey(keyOf(svid))],
  [
    'issuer-first',
    (svid, before) => new X509Certificate(svid.x509_svid).ca && svid.x509_svid.subarray(before.bundle.length).equals(before.x509_svid),
  ],
  ['pem', (svid) => svid.x509_svid.toString('latin1').startsWith('-----BEGIN CERTIFICATE-----\n')],
  [
    'truncated',
    (svid, before) =>
      before.x509_svid.subarray(0, svid.x509_svid.length).equals(svid.x509_svid) && svid.x509_svid.length < before.x509_svid.length,
  ],
  [
    'trailing-bytes',
    (svid, before) =>
      svid.x509_svid.subarray(0, before.x509_svid.length).equals(before.x509_svid) && svid.x509_svid.length === before.x509_svid.length + 4,
  ],
  ['ca-flag', (svid, before) => isOfSameKey(svid, before) && inspectCertificate(new X509Certificate(svid.x509_svid)).isAuthority],
  [
    'cert-sign',
    (svid, before) =>
      isOfSameKey(svid, before) && inspectCertificate(new X509Certificate(svid.x509_svid)).keyUsage?.includes('keyCertSign') === true,
  ],
])('%s damages what is delivered, to open streams and to new ones, until it is restored', async ([damage, isSo]) => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  using stream = openStream(api, 'FetchX509SVID', 'X509SVIDResponse');
  const before = svidOf(await stream.next());

  api.damage(damage);
  const damaged = svidOf(await stream.next());
  using late = openStream(api, 'FetchX509SVID', 'X509SVIDResponse');
  const also = svidOf(await late.next());
  api.restore();
  const after = svidOf(await stream.next());

  expect(isSo(before, before)).toBe(false);
  expect(isSo(damaged, before)).toBe(true);
  expect(isSo(also, before)).toBe(true);
  expect(after).toEqual(before);
});

test('a message without SVIDs has none, and an empty bundle is one of the stream of bundles too', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  using svids = openStream(api, 'FetchX509SVID', 'X509SVIDResponse');
  using bundles = openStream(api, 'FetchX509Bundles', 'X509BundlesResponse');
  await svids.next();
  await bundles.next();

  api.damage('no-svids');
  const withoutSvids = [await svids.next(), await bundles.next()];
  api.damage('empty-bundle');
  const empty = [await svids.next(), await bundles.next()];

  expect(withoutSvids).toMatchObject([{ svids: [] }, { bundles: { 'spiffe://example.test': expect.any(Buffer) } }]);
  expect(withoutSvids[1]).not.toEqual(empty[1]);
  expect(empty[1]).toMatchObject({ bundles: { 'spiffe://example.test': Buffer.alloc(0) } });
});

test('a damage that does not exist is refused', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });

  expect(() => api.damage('key' as never)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('one of no-svids, empty-bundle') }),
  );
});

function svidOf(message: object): Svid {
  const {
    svids: [svid],
  } = message as { readonly svids: readonly Svid[] }; // as protobufjs reads it
  if (!svid) throw new Error('the message has no SVID');
  return svid;
}

function keyOf(svid: Svid): ReturnType<typeof createPrivateKey> {
  return createPrivateKey({ key: svid.x509_svid_key, format: 'der', type: 'pkcs8' });
}

/** And of the same id. */
function isOfSameKey({ x509_svid: der, ...svid }: Svid, before: Svid): boolean {
  const certificate = new X509Certificate(der);
  return (
    certificate.checkPrivateKey(keyOf({ x509_svid: der, ...svid })) &&
    svid.x509_svid_key.equals(before.x509_svid_key) &&
    certificate.subjectAltName === `URI:${web}`
  );
}
