import { X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { startWorkloadApi } from '../../../src/spiffe/index.ts';
import { openStream } from './grpc-client.ts';

const trustDomain = 'example.test';
const web = 'spiffe://example.test/web';
const db = 'spiffe://example.test/db';

test('every stream gets each change, as the complete state', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  using svids = openStream(api, 'FetchX509SVID', 'X509SVIDResponse');
  using bundles = openStream(api, 'FetchX509Bundles', 'X509BundlesResponse');
  using keys = openStream(api, 'FetchJWTBundles', 'JWTBundlesResponse');
  const first = [await svids.next(), await bundles.next(), await keys.next()];

  api.entitle(db, { hint: 'internal' });
  const entitled = await svids.next();
  api.rotate('bundle');
  const rotated = [await svids.next(), await bundles.next(), await keys.next()];

  expect(first[0]).toMatchObject({ svids: [{ spiffe_id: web }] });
  expect(entitled).toMatchObject({ svids: [{ spiffe_id: web }, { spiffe_id: db, hint: 'internal' }] });
  expect(rotated[0]).toMatchObject({ svids: [{ spiffe_id: web }, { spiffe_id: db }] });
  expect(rotated[1]).toEqual({ crl: [], bundles: { 'spiffe://example.test': expect.any(Buffer) } });
  expect(rotated[1]).not.toEqual(first[1]);
  expect(rotated[2]).not.toEqual(first[2]);
  expect(api.watchers).toBe(1);
});

test('a workload without entitlement is refused, and asks again in vain until it has one', async () => {
  await using api = await startWorkloadApi({ trustDomain });
  using refused = openStream(api, 'FetchX509SVID', 'X509SVIDResponse');

  const refusal = await refused.next();
  api.entitle(web);
  using accepted = openStream(api, 'FetchX509SVID', 'X509SVIDResponse');
  const message = await accepted.next();

  expect(refusal).toEqual({ status: 'PERMISSION_DENIED', details: 'no identity issued' });
  expect(message).toMatchObject({ svids: [{ spiffe_id: web }] });
  expect(api.requests.map(({ status }) => status)).toEqual(['PERMISSION_DENIED', 'OK']);
});

test('the last identity ends every stream with it, behind the messages before', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web, db] });
  using svids = openStream(api, 'FetchX509SVID', 'X509SVIDResponse');
  using bundles = openStream(api, 'FetchX509Bundles', 'X509BundlesResponse');
  await svids.next();
  await bundles.next();

  api.revoke(web);
  api.revoke(db);

  expect(await svids.next()).toMatchObject({ svids: [{ spiffe_id: db }] });
  expect([await svids.next(), await bundles.next()]).toEqual([
    { status: 'PERMISSION_DENIED', details: 'no identity issued' },
    { status: 'PERMISSION_DENIED', details: 'no identity issued' },
  ]);
  expect(api.watchers).toBe(0);
});

test('CRLs are delivered where they are asked for, and list the certificate of a revoked identity', async () => {
  const pki = createPki({ name: 'crls' });
  await using api = await startWorkloadApi({ trustDomain, pki, workloads: [web, db], crls: true });
  using svids = openStream(api, 'FetchX509SVID', 'X509SVIDResponse');
  const serial = Buffer.from(api.identity(web)?.certificate.serialNumber ?? '', 'hex');
  const first = crlOf(await svids.next());

  api.revoke(web);
  const later = crlOf(await svids.next());

  expect(first).toHaveLength(2);
  expect(first.some((crl) => crl.includes(serial))).toBe(false);
  expect(later.some((crl) => crl.includes(serial))).toBe(true);
});

test('of the requests the newest are remembered', async () => {
  await using api = await startWorkloadApi({ trustDomain, maxRequests: 2, workloads: [web] });
  for (const [method, response] of [
    ['FetchX509SVID', 'X509SVIDResponse'],
    ['FetchX509Bundles', 'X509BundlesResponse'],
    ['FetchJWTBundles', 'JWTBundlesResponse'],
  ] as const) {
    using stream = openStream(api, method, response);
    await stream.next();
  }

  expect(api.requests.map(({ method }) => method)).toEqual(['FetchX509Bundles', 'FetchJWTBundles']);
});

test('a client that does not read gets the newest state when it does, and not each one between', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  using svids = openStream(api, 'FetchX509SVID', 'X509SVIDResponse');
  await svids.next();
  svids.pause();

  for (let rotation = 1; rotation <= 500; rotation += 1) api.rotate(web);
  const newest = api.identity(web)?.certificate.raw ?? Buffer.alloc(0);
  svids.resume();
  let received = 0;
  for (let isNewest = false; !isNewest; received += 1) {
    const { svids: [svid] = [] } = (await svids.next()) as { svids?: readonly { readonly x509_svid: Buffer }[] }; // of protobufjs
    isNewest = svid?.x509_svid.subarray(0, newest.length).equals(newest) === true;
  }

  expect(received).toBeLessThan(100);
});

test.for<[what: string, code: string, call: (api: Awaited<ReturnType<typeof startWorkloadApi>>) => unknown]>([
  ['entitle an id of another trust domain', 'NAME_INVALID', (api) => api.entitle('spiffe://other.test/web')],
  ['entitle a malformed id', 'NAME_INVALID', (api) => api.entitle('web')],
  ['entitle with a hint that another has', 'OPTION_INVALID', (api) => api.entitle(db, { hint: 'first' })],
  ['entitle with what is not an identity', 'OPTION_INVALID', (api) => api.entitle(db, { identity: {} as never })],
  ['revoke what is not entitled', 'OPTION_INVALID', (api) => api.revoke(db)],
  ['rotate what is not entitled', 'OPTION_INVALID', (api) => api.rotate(db)],
  ['expire what is not entitled', 'OPTION_INVALID', (api) => api.expire(db)],
  ['federate with itself', 'OPTION_INVALID', (api) => api.federate(api)],
  ['federate with its own trust domain', 'OPTION_INVALID', (api) => api.federate({ trustDomain, bundle: api.bundle })],
  ['federate with a trust domain in capitals', 'OPTION_INVALID', (api) => api.federate({ trustDomain: 'Other.test', bundle: api.bundle })],
  ['federate without certificates', 'PEM_INVALID', (api) => api.federate({ trustDomain: 'other.test', bundle: '' })],
  ['federate with a bad JWKS', 'OPTION_INVALID', (api) => api.federate({ trustDomain: 'other.test', bundle: api.bundle, jwtBundle: '{}' })],
  ['unfederate what is not federated', 'OPTION_INVALID', (api) => api.unfederate('other.test')],
])('to %s is refused, and nothing is pushed', async ([, code, call]) => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [{ id: web, hint: 'first' }] });
  using svids = openStream(api, 'FetchX509SVID', 'X509SVIDResponse');
  await svids.next();

  expect(() => call(api)).toThrow(expect.objectContaining({ code }));
  api.rotate(web);
  const next = (await svids.next()) as { svids: readonly { readonly x509_svid: Buffer }[] }; // of protobufjs

  expect(next).toMatchObject({ svids: [{ spiffe_id: web }], federated_bundles: {} });
  expect(new X509Certificate(next.svids[0]?.x509_svid ?? '').fingerprint256).toBe(api.identity(web)?.certificate.fingerprint256);
});

test('a foreign bundle is delivered as it was given, and that of another API as it is at the moment, also after its end', async () => {
  const foreign = createPki({ name: 'foreign' });
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  const other = await startWorkloadApi({ trustDomain: 'other.test' });
  using svids = openStream(api, 'FetchX509SVID', 'X509SVIDResponse');
  await svids.next();

  api.federate({ trustDomain: 'third.test', bundle: foreign });
  const third = await svids.next();
  api.federate(other);
  await svids.next();
  await other.close();
  other.rotate('bundle');

  expect(third).toMatchObject({ federated_bundles: { 'spiffe://third.test': foreign.root.certificate.raw } });
  expect(await svids.next()).toMatchObject({ federated_bundles: { 'spiffe://other.test': expect.any(Buffer) } });
});

test('the endpoints of two workloads share their roots and keys, and nothing else', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  await using other = await api.startAnother({ workloads: [db] });
  using first = openStream(api, 'FetchX509SVID', 'X509SVIDResponse');
  using second = openStream(other, 'FetchX509SVID', 'X509SVIDResponse');
  await first.next();
  await second.next();

  other.rotate('bundle');
  const rotated = [await first.next(), await second.next()];
  const [overlap, jwtOverlap] = [api.bundle, api.jwtBundle];
  api.retire();
  const retired = [await first.next(), await second.next()];
  other.entitle('spiffe://example.test/third');
  await second.next();
  api.rotate(web);

  expect(rotated).toMatchObject([{ svids: [{ spiffe_id: web }] }, { svids: [{ spiffe_id: db }] }]);
  expect([other.jwtBundle, other.bundle]).toEqual([api.jwtBundle, api.bundle]);
  expect(overlap).toContain(api.bundle);
  expect(overlap).not.toBe(api.bundle);
  expect(jwtOverlap).not.toBe(api.jwtBundle);
  expect(api.identity(web)?.anchors).toBe(other.identity(db)?.anchors);
  expect(retired).toMatchObject([{ svids: [{ spiffe_id: web }] }, { svids: [{ spiffe_id: db }] }]);
  expect(await first.next()).toMatchObject({ svids: [{ spiffe_id: web }] });
  await expect(api.startAnother({ workloads: ['spiffe://other.test/web'] })).rejects.toThrow(
    expect.objectContaining({ code: 'NAME_INVALID' }),
  );
});

test('it is printed without keys', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });

  expect(inspect(api)).toBe(`WorkloadApi "example.test" at ${api.address}`);
  expect(JSON.stringify(api)).not.toContain('PRIVATE');
});

function crlOf(message: object): readonly Buffer[] {
  return (message as { readonly crl: readonly Buffer[] }).crl; // of protobufjs
}

test('claims are signed by the oldest key of the bundle, until it is retired', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  const claims = { sub: web, aud: ['reports'], exp: Math.floor(Date.now() / 1000) + 60 };
  const verify = (token: string): Promise<unknown> => {
    const { keys } = JSON.parse(api.jwtBundle) as JSONWebKeySet; // the document of the API
    return jwtVerify(token, createLocalJWKSet({ keys: keys.map(({ use: _use, ...key }) => key) }), { audience: 'reports' });
  };
  const first = api.signJwt(claims);

  api.rotate('bundle');
  const { kid } = decodeProtectedHeader(api.signJwt(claims));
  const during = await verify(first);
  api.retire();

  expect(during).toMatchObject({ payload: claims, protectedHeader: { alg: 'ES256', kid } });
  await expect(verify(first)).rejects.toThrow('no applicable key found');
  expect(await verify(api.signJwt(claims))).toMatchObject({ payload: claims });
});
