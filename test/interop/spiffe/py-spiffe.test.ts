import { expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { startWorkloadApi } from '../../../src/spiffe/index.ts';
import { describeWith } from '../judges.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { leafOf, rootsOf } from './certificates.ts';
import { startPySpiffe } from './programs.ts';

const web = 'spiffe://example.test/web';
const db = 'spiffe://example.test/db';
const trustDomain = 'example.test';

describeWith('py-spiffe')('py-spiffe', () => {
  test('fetches SVIDs and bundles', async () => {
    await using other = await startWorkloadApi({ trustDomain: 'other.test' });
    await using api = await startWorkloadApi({ trustDomain, workloads: [web, db] });
    api.federate(other);
    await using client = startPySpiffe(api.env, 'calls');

    const context = await client.ask('x509');
    const bundles = await client.ask('bundles');
    const keys = await client.ask('jwtbundles');

    expect(context).toEqual({
      svids: [
        { id: web, leaf: leafOf(api, web), certificates: 2 },
        { id: db, leaf: leafOf(api, db), certificates: 2 },
      ],
      bundles: { 'example.test': rootsOf(api), 'other.test': rootsOf(other) },
    });
    expect(bundles).toEqual({ bundles: context.bundles });
    expect(keys).toEqual({ keys: { 'example.test': 1, 'other.test': 1 } });
  });

  test('sees three rotations, a federated trust domain, and the rotation of its own root', async () => {
    await using other = await startWorkloadApi({ trustDomain: 'other.test' });
    await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
    await using client = startPySpiffe(api.env, 'watch');
    const seen = [await client.next()];
    const issued = [leafOf(api, web)];

    for (let rotation = 1; rotation <= 3; rotation += 1) {
      api.rotate('all');
      issued.push(leafOf(api, web));
      seen.push(await client.next());
    }
    api.federate(other);
    const federated = await client.next();
    api.rotate('bundle');
    const overlap = await client.next();
    const both = rootsOf(api).toSorted();
    api.retire();
    const retired = await client.next();

    expect(seen.map(({ svids }) => svids?.[0]?.leaf)).toEqual(issued);
    expect(new Set(issued).size).toBe(4);
    expect(federated.bundles?.['other.test']).toEqual(rootsOf(other));
    expect(overlap.bundles?.['example.test']).toEqual(both);
    expect(both).toHaveLength(2);
    expect(retired.bundles?.['example.test']).toEqual(rootsOf(api));
  });

  test('goes on after it lost its entitlement, and after the socket was closed and opened again', async () => {
    using folder = temporaryFolder();
    const pki = createPki({ name: 'restarted' });
    const socket = `${folder.path}/restart.sock`;
    const before = await startWorkloadApi({ trustDomain, pki, socket, workloads: [web] });
    await using client = startPySpiffe(before.env, 'watch');
    await client.next();

    before.revoke(web);
    before.entitle(web);
    const again = await client.next();
    const entitledLeaf = leafOf(before, web);
    await before.close();
    await using api = await startWorkloadApi({ trustDomain, pki, socket, workloads: [web] });
    const restarted = await client.next();

    expect(again.svids?.[0]?.leaf).toBe(entitledLeaf);
    expect(restarted.svids?.[0]?.leaf).toBe(leafOf(api, web));
    expect(before.requests.map(({ status }) => status)).toEqual(['OK', 'OK']);
  });

  test('is refused an SVID that it is not entitled to, and reads the reason', async () => {
    await using api = await startWorkloadApi({ trustDomain });
    await using client = startPySpiffe(api.env, 'calls');

    const refused = await client.ask('x509');
    api.entitle(web);
    const control = await client.ask('x509');

    expect(refused.error).toMatch(/no identity issued.*PERMISSION_DENIED/u);
    expect(control.svids).toHaveLength(1);
  });

  test('fetches JWT-SVIDs that its own verifier accepts, and has them validated', async () => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web, db] });
    await using client = startPySpiffe(api.env, 'calls');

    const { svids = [] } = await client.ask('jwt', 'reports');
    const token = String((svids[0] as unknown as { readonly token: string }).token); // as the program says
    const valid = await client.ask('validate', token, 'reports');
    const other = await client.ask('validate', token, 'billing');
    const foreign = await client.ask('jwt', 'reports', 'spiffe://example.test/admin');

    expect(svids.map(({ id }) => id)).toEqual([web, db]);
    expect(valid).toEqual({ id: web });
    expect(other.error).toContain('another audience');
    expect(foreign.error).toContain('PERMISSION_DENIED');
  });
});
