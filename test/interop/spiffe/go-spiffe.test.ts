import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPki, type Identity } from '../../../src/index.ts';
import { startWorkloadApi, type WorkloadApi } from '../../../src/spiffe/index.ts';
import { describeWith } from '../judges.ts';
import { leafOf, rootsOf } from './certificates.ts';
import { builtGoSpiffe, startGoSpiffe } from './programs.ts';

const web = 'spiffe://example.test/web';
const db = 'spiffe://example.test/db';
const trustDomain = 'example.test';

describeWith('go modules')('go-spiffe', () => {
  const program = builtGoSpiffe();

  test.for([
    ['a unix socket', {}],
    ['TCP', { port: 0 }],
  ] as const)('fetches SVIDs, hints and bundles over %s', async ([, place]) => {
    await using other = await startWorkloadApi({ trustDomain: 'other.test' });
    await using api = await startWorkloadApi({ trustDomain, ...place, workloads: [web, { id: db, hint: 'internal' }] });
    api.federate(other);
    await using client = startGoSpiffe(program(), api.env, 'calls');

    const context = await client.ask('x509');
    const bundles = await client.ask('bundles');

    expect(context).toEqual({
      svids: [
        { id: web, hint: '', leaf: leafOf(api, web), certificates: 2 },
        { id: db, hint: 'internal', leaf: leafOf(api, db), certificates: 2 },
      ],
      bundles: { 'example.test': rootsOf(api), 'other.test': rootsOf(other) },
    });
    expect(bundles).toEqual({ bundles: context.bundles });
    expect(api.requests.map(({ method, status }) => [method, status])).toEqual([
      ['FetchX509SVID', 'OK'],
      ['FetchX509Bundles', 'OK'],
    ]);
  });

  test('sees three rotations of an SVID, each as a new leaf of the same root', async () => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web, db] });
    await using client = startGoSpiffe(program(), api.env, 'watch');
    const seen = [await client.next()];
    const issued = [leafOf(api, web)];

    for (let rotation = 1; rotation <= 3; rotation += 1) {
      api.rotate(web);
      issued.push(leafOf(api, web));
      seen.push(await client.next());
    }

    expect(seen.map(({ svids }) => svids?.[0]?.leaf)).toEqual(issued);
    expect(new Set(issued).size).toBe(4);
    expect(new Set(seen.map(({ svids }) => svids?.[1]?.leaf))).toEqual(new Set([leafOf(api, db)]));
    expect(seen.map(({ bundles }) => bundles)).toEqual(seen.map(() => ({ 'example.test': rootsOf(api) })));
    expect(api.requests).toHaveLength(1);
  });

  test('sees a new root beside the old one, and then alone; also that of a federated trust domain', async () => {
    await using other = await startWorkloadApi({ trustDomain: 'other.test' });
    await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
    await using client = startGoSpiffe(program(), api.env, 'watch');
    const first = await client.next();

    api.federate(other);
    const federated = await client.next();
    api.rotate('bundle');
    const overlap = await client.next();
    const both = rootsOf(api);
    api.retire();
    const retired = await client.next();
    other.rotate('bundle');
    const theirs = await client.next();
    const theirRoots = rootsOf(other);
    api.unfederate('other.test');
    const alone = await client.next();

    expect(Object.keys(first.bundles ?? {})).toEqual(['example.test']);
    expect(Object.keys(federated.bundles ?? {})).toEqual(['example.test', 'other.test']);
    expect(both).toHaveLength(2);
    expect(both).toContain(first.bundles?.['example.test']?.[0]);
    expect(overlap.bundles?.['example.test']).toEqual(both);
    expect(overlap.svids?.[0]?.leaf).not.toBe(first.svids?.[0]?.leaf);
    expect(retired.bundles?.['example.test']).toEqual(rootsOf(api));
    expect(rootsOf(api)).toHaveLength(1);
    expect(theirRoots).toHaveLength(2);
    expect(theirs.bundles?.['other.test']).toEqual(theirRoots);
    expect(Object.keys(alone.bundles ?? {})).toEqual(['example.test']);
  });

  test('is refused when the workload loses its last identity, and gets an SVID when it has one again', async () => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web, db] });
    await using client = startGoSpiffe(program(), api.env, 'watch');
    await client.next();

    api.revoke(db);
    const one = await client.next();
    api.revoke(web);
    const none = await client.next();
    api.entitle(web);
    let again = await client.next();
    while (again.error !== undefined) again = await client.next(); // it asks every 50 ms meanwhile

    expect(one.svids?.map(({ id }) => id)).toEqual([web]);
    expect(none).toEqual({ code: 'PermissionDenied', error: expect.stringContaining('no identity issued') });
    expect(again.svids).toEqual([{ id: web, hint: '', leaf: leafOf(api, web), certificates: 2 }]);
  });

  test('connects again when the socket has been closed and another API listens there', async () => {
    const pki = createPki({ name: 'restarted' });
    const socket = path.join(path.dirname(program()), 'restart.sock');
    const before = await startWorkloadApi({ trustDomain, pki, socket, workloads: [web] });
    await using client = startGoSpiffe(program(), before.env, 'watch');
    const first = await client.next();

    await before.close();
    const wasRemoved = !existsSync(socket);
    const gone = await client.next();
    await using api = await startWorkloadApi({ trustDomain, pki, socket, workloads: [web] });
    let again = await client.next();
    while (again.error !== undefined) again = await client.next(); // as above

    expect(wasRemoved).toBe(true);
    expect(gone.code).toBe('Unavailable');
    expect(again.svids?.[0]?.leaf).toBe(leafOf(api, web));
    expect(again.svids?.[0]?.leaf).not.toBe(first.svids?.[0]?.leaf);
    expect(again.bundles).toEqual(first.bundles);
  });

  test.for(['FetchX509SVID', 'FetchX509Bundles', 'FetchJWTBundles', 'FetchJWTSVID', 'ValidateJWTSVID'])(
    'is refused by %s without the security header, and with another or a second value',
    async (method) => {
      await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
      await using client = startGoSpiffe(program(), api.env, 'calls');

      const refused = [
        await client.ask('bare', method),
        await client.ask('bare', method, 'True'),
        await client.ask('bare', method, 'true', 'true'),
      ];
      const control = await client.ask('bare', method, 'true');

      expect(refused).toEqual(refused.map(() => ({ code: 'InvalidArgument', error: expect.stringContaining('security header missing') })));
      expect(control.error ?? '').not.toContain('security header'); // the two unary ones lack their mandatory fields
      expect(await client.ask('bare', 'FetchWITSVID', 'true')).toMatchObject({ code: 'Unimplemented' });
    },
  );

  test('is delivered an expired SVID, and a good one after it', async () => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
    await using client = startGoSpiffe(program(), api.env, 'watch');
    await client.next();

    api.expire(web);
    const expired = await client.next();
    const notAfter = api.identity(web)?.certificate.validTo ?? '';
    const expiredLeaf = leafOf(api, web);
    api.rotate(web);
    const renewed = await client.next();

    expect(expired.svids?.[0]?.leaf).toBe(expiredLeaf);
    expect(Date.parse(notAfter)).toBeLessThan(Date.now());
    expect(renewed.svids?.[0]?.leaf).toBe(leafOf(api, web));
  });

  test.for<[what: string, says: string, identity: (api: WorkloadApi) => Identity]>([
    ['two URI names', 'more than one URI SAN', ({ pki }) => pki.issuer.issue({ uri: [web, 'spiffe://example.test/admin'] })],
    ['no URI name', 'no URI SAN', ({ pki }) => pki.issuer.issue({ dns: 'web.test' })],
    [
      'a use as a CA',
      "must not have 'keyCertSign'",
      ({ pki }) => pki.issuer.issue({ uri: web, keyUsage: ['digitalSignature', 'keyCertSign'] }),
    ],
    ['the id of the trust domain', 'must have a non-root path', ({ pki }) => pki.issuer.issue({ uri: 'spiffe://example.test' })],
  ])('refuses an SVID with %s and keeps its stream', async ([, says, identity]) => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
    await using client = startGoSpiffe(program(), api.env, 'watch');
    const good = await client.next();

    api.entitle(web, { identity: identity(api) });
    const refused = await client.next();
    api.rotate(web);
    const renewed = await client.next();

    expect(good.svids).toHaveLength(1);
    expect(refused.error).toMatch(new RegExp(says, 'iu'));
    expect(renewed.svids?.[0]?.leaf).toBe(leafOf(api, web));
    expect(api.requests).toHaveLength(1);
  });
});
