import { onTestFinished } from 'vitest';
import { createPki, type Identity } from '../../../src/index.ts';
import { startSvidSource, startWorkloadApi } from '../../../src/spiffe/index.ts';
import { expect, test } from '../../../src/vitest/index.ts';
import { temporaryFolder } from '../../interop/temporary-folder.ts';
import { identityOf, updatesOf } from './updates.ts';

const trustDomain = 'example.test';
const web = 'spiffe://example.test/web';
const db = 'spiffe://example.test/db';

test('it has the newest SVID of its id, and the bundles by trust domain', async () => {
  await using other = await startWorkloadApi({ trustDomain: 'other.test' });
  await using api = await startWorkloadApi({ trustDomain, workloads: [web, db] });
  using first = await startSvidSource({ address: api.address });
  using source = await startSvidSource({ address: api.address, id: db });

  const changes = updatesOf(source);
  api.rotate(db);
  await changes.next();
  api.federate(other);
  await changes.next();

  expect(first.identity.name).toBe(web);
  expect(source.identity.certificatePem).toBe(api.identity(db)?.certificatePem);
  expect(Object.fromEntries(source.bundles)).toEqual({ 'example.test': api.bundle, 'other.test': other.bundle });
});

test('the environment says where the API is', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web], port: 0 });
  const before = process.env['SPIFFE_ENDPOINT_SOCKET'];
  onTestFinished(() => {
    if (before === undefined) delete process.env['SPIFFE_ENDPOINT_SOCKET'];
    else process.env['SPIFFE_ENDPOINT_SOCKET'] = before;
  });

  Object.assign(process.env, api.env);
  using source = await startSvidSource();

  expect(source.identity.name).toBe(web);
});

test('a workload that loses its entitlement has no identity until it gets one again', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  using source = await startSvidSource({ address: api.address });
  const changes = updatesOf(source);

  api.revoke(web);
  await changes.next();
  expect(() => source.identity).toThrow(
    expect.objectContaining({ code: 'WORKLOAD_API_FAILED', message: expect.stringContaining('no identity issued') }),
  );
  api.entitle(web);
  await changes.until(() => identityOf(source) !== undefined);

  expect(source.identity.certificatePem).toBe(api.identity(web)?.certificatePem);
});

test('an SVID that is missing among those of a message is not used any more', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web, db] });
  using source = await startSvidSource({ address: api.address, id: db });
  const changes = updatesOf(source);
  const control = identityOf(source);

  api.revoke(db);
  await changes.next();
  const lost = identityOf(source);
  api.entitle(db);
  await changes.next();

  expect(control).toBeDefined();
  expect(lost).toBeUndefined();
  expect(source.identity.certificatePem).toBe(api.identity(db)?.certificatePem);
});

test('it keeps its SVID while the API is away, and has a new one after', async () => {
  using folder = temporaryFolder();
  const options = { trustDomain, pki: createPki(), socket: `${folder.path}/a.sock`, workloads: [web] };
  const before = await startWorkloadApi(options);
  using source = await startSvidSource({ address: before.address });
  const first = source.identity.certificatePem;
  const changes = updatesOf(source);

  await before.close();
  const meanwhile = source.identity.certificatePem;
  await using api = await startWorkloadApi(options);
  await changes.until(() => source.identity.certificatePem !== first);

  expect(meanwhile).toBe(first);
  expect(source.identity.certificatePem).toBe(api.identity(web)?.certificatePem);
});

test('an update with a key of another certificate is not used, and the stream is kept', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  using source = await startSvidSource({ address: api.address });
  const changes = updatesOf(source);
  const { certificatePem } = source.identity;
  const good = api.pki.svid(web);

  api.entitle(web, { identity: { ...plain(good), keyPem: api.pki.svid(web).keyPem } as unknown as Identity });
  await changes.next();
  const kept = source.identity.certificatePem;
  api.rotate(web);
  await changes.next();

  expect(kept).toBe(certificatePem);
  expect(source.identity.certificatePem).toBe(api.identity(web)?.certificatePem);
  expect(api.requests).toHaveLength(1);
});

test.for(['ca-flag', 'cert-sign'] as const)(
  'an own SVID that breaks the rules of leaves (%s) is not used, and the next one is',
  async (damage) => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
    using source = await startSvidSource({ address: api.address });
    const changes = updatesOf(source);
    const { certificatePem } = source.identity;

    api.damage(damage);
    await changes.next();
    const kept = source.identity.certificatePem;
    api.rotate(web);
    await changes.next();
    const keptAgain = source.identity.certificatePem;
    api.restore();
    await changes.next();

    expect([kept, keptAgain]).toEqual([certificatePem, certificatePem]);
    expect(source.identity.certificatePem).toBe(api.identity(web)?.certificatePem);
    expect(api.requests).toHaveLength(1);
  },
);

test.for([
  ['no address', '', 'OPTION_INVALID'],
  ['a path alone', '/run/a.sock', 'OPTION_INVALID'],
  ['a host name', 'tcp://localhost:80', 'OPTION_INVALID'],
  ['a path behind a port', 'tcp://127.0.0.1:80/a', 'OPTION_INVALID'],
  ['a relative path', 'unix:a.sock', 'OPTION_INVALID'],
  ['an authority before the path', 'unix://host/a.sock', 'OPTION_INVALID'],
] as const)('%s is refused', async ([, address, code]) => {
  await expect(startSvidSource({ address, timeout: 100 })).rejects.toThrow(expect.objectContaining({ code }));
});

test('an API that is not there, and one without an identity, are reported', async () => {
  await using api = await startWorkloadApi({ trustDomain });

  await expect(startSvidSource({ address: 'unix:///nowhere/a.sock', timeout: 300 })).rejects.toThrow(
    expect.objectContaining({ code: 'WORKLOAD_API_FAILED' }),
  );
  await expect(startSvidSource({ address: api.address })).rejects.toThrow(
    expect.objectContaining({ code: 'WORKLOAD_API_FAILED', message: expect.stringContaining('PERMISSION_DENIED') }),
  );
});

function plain({ chainPem, certificatePem, anchors }: Identity): object {
  return { chainPem, certificatePem, anchors };
}
