import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { startWorkloadApi } from '../../../src/spiffe/index.ts';
import { describeWith } from '../judges.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { leafOf, rootsOf } from './certificates.ts';
import { builtRustSpiffe, type ClientReport, startRustSpiffe } from './programs.ts';

const web = 'spiffe://example.test/web';
const db = 'spiffe://example.test/db';
const trustDomain = 'example.test';

describeWith('cargo')('the crate spiffe', () => {
  const program = builtRustSpiffe();

  test('fetches SVIDs, bundles and tokens', async () => {
    await using other = await startWorkloadApi({ trustDomain: 'other.test' });
    await using api = await startWorkloadApi({ trustDomain, workloads: [web, { id: db, hint: 'internal' }] });
    api.federate(other);
    await using client = startRustSpiffe(program(), api.env, 'calls');

    const context = hashed(await client.ask('x509'));
    const bundles = hashed(await client.ask('bundles'));
    const token = await client.ask('jwt', 'reports');
    const validated = await client.ask('validate', String(token['token']), 'reports');
    const refused = await client.ask('validate', String(token['token']), 'billing');

    expect(context).toEqual({
      svids: [
        { id: web, hint: '', leaf: leafOf(api, web), certificates: 2 },
        { id: db, hint: 'internal', leaf: leafOf(api, db), certificates: 2 },
      ],
      bundles: { 'example.test': rootsOf(api), 'other.test': rootsOf(other) },
    });
    expect(bundles.bundles).toEqual(context.bundles);
    expect(token).toMatchObject({ id: web });
    expect(validated).toEqual({ id: web });
    expect(refused.error).toMatch(/audience/u);
  });

  test('sees three rotations, a federated trust domain, and the rotation of its own root', async () => {
    await using other = await startWorkloadApi({ trustDomain: 'other.test' });
    await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
    await using client = startRustSpiffe(program(), api.env, 'watch');
    const seen = [hashed(await client.next())];
    const issued = [leafOf(api, web)];

    for (let rotation = 1; rotation <= 3; rotation += 1) {
      api.rotate('all');
      issued.push(leafOf(api, web));
      seen.push(hashed(await client.next()));
    }
    api.federate(other);
    const federated = hashed(await client.next());
    api.rotate('bundle');
    const overlap = hashed(await client.next());
    const both = rootsOf(api).toSorted();
    api.retire();
    const retired = hashed(await client.next());

    expect(seen.map(({ svids }) => svids?.[0]?.leaf)).toEqual(issued);
    expect(new Set(issued).size).toBe(4);
    expect(federated.bundles?.['other.test']).toEqual(rootsOf(other));
    expect(overlap.bundles?.['example.test']?.toSorted()).toEqual(both);
    expect(both).toHaveLength(2);
    expect(retired.bundles?.['example.test']).toEqual(rootsOf(api));
  });

  test('knows the loss of its entitlement by its words, and comes back', async () => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
    await using client = startRustSpiffe(program(), api.env, 'watch');
    await client.next();

    api.revoke(web);
    const lost = await client.next();
    api.entitle(web);
    let again = await client.next();
    while (again.error !== undefined) again = await client.next(); // it asks every 50 ms

    expect(lost.error).toBe('no identity issued');
    expect(hashed(again).svids?.[0]?.leaf).toBe(leafOf(api, web));
  });

  test('an X509Source goes on after the socket was closed and opened again', async () => {
    using folder = temporaryFolder();
    const pki = createPki({ name: 'restarted' });
    const socket = `${folder.path}/restart.sock`;
    const before = await startWorkloadApi({ trustDomain, pki, socket, workloads: [web] });
    await using client = startRustSpiffe(program(), before.env, 'source');
    const first = hashed(await client.next());
    const firstLeaf = leafOf(before, web);

    await before.close();
    await using after = await startWorkloadApi({ trustDomain, pki, socket, workloads: [web] });
    const second = hashed(await client.next());

    expect(first.svids?.[0]?.leaf).toBe(firstLeaf);
    expect(second.svids?.[0]?.leaf).toBe(leafOf(after, web));
    expect(second.svids?.[0]?.leaf).not.toBe(firstLeaf);
  });

  test.for(['empty-key', 'pem', 'truncated', 'issuer-first', 'trailing-bytes'] as const)(
    'refuses a message with the damage %s, and takes the next one',
    async (damage) => {
      await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
      await using client = startRustSpiffe(program(), api.env, 'watch');
      await client.next();

      api.damage(damage);
      const refused = await client.next();
      api.restore();
      let next = await client.next();
      while (next.error !== undefined) next = await client.next();

      expect(refused.error).toMatch(/./u);
      expect(hashed(next).svids?.[0]?.leaf).toBe(leafOf(api, web));
    },
  );

  test('takes a message without SVIDs, an empty bundle, and a key of another leaf, as they are', async () => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
    await using client = startRustSpiffe(program(), api.env, 'watch');
    await client.next();

    api.damage('no-svids');
    const withoutSvids = await client.next();
    api.damage('empty-bundle');
    const emptyBundle = await client.next();
    api.damage('key-of-another');
    const otherKey = hashed(await client.next());

    expect(withoutSvids.svids).toEqual([]);
    expect(emptyBundle.bundles).toEqual({ 'example.test': [] });
    expect(otherKey.svids?.[0]?.leaf).toBe(leafOf(api, web));
  });
});

/** With fingerprints in place of the certificates that the program prints. */
function hashed({ svids, bundles, ...rest }: ClientReport): ClientReport {
  return {
    ...rest,
    ...(svids && { svids: svids.map((svid) => ({ ...svid, leaf: sha256(svid.leaf) })) }),
    ...(bundles && { bundles: Object.fromEntries(Object.entries(bundles).map(([domain, roots]) => [domain, roots.map(sha256)])) }),
  };
}

function sha256(hexadecimal: string): string {
  return createHash('sha256').update(Buffer.from(hexadecimal, 'hex')).digest('hex');
}
