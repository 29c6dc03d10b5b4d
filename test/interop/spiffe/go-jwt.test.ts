import { expect, test } from 'vitest';
import { startWorkloadApi } from '../../../src/spiffe/index.ts';
import { describeWith } from '../judges.ts';
import { builtGoSpiffe, type ClientReport, startGoSpiffe } from './programs.ts';

const web = 'spiffe://example.test/web';
const db = 'spiffe://example.test/db';
const trustDomain = 'example.test';

describeWith('go modules')('JWT-SVIDs with go-spiffe', () => {
  const program = builtGoSpiffe();

  test('its verifier accepts those of all identities, and that of one', async () => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web, { id: db, hint: 'internal' }] });
    await using client = startGoSpiffe(program(), api.env, 'calls');

    const all = await client.ask('jwt', 'reports');
    const one = await client.ask('jwt', 'reports', db);

    expect(all.svids).toEqual([
      { id: web, audience: ['reports'], hint: '', token: expect.any(String), verified: '<nil>' },
      { id: db, audience: ['reports'], hint: 'internal', token: expect.any(String), verified: '<nil>' },
    ]);
    expect(one.svids?.map(({ id }) => id)).toEqual([db]);
  });

  test('it is refused those of an identity that the workload has not, and those without an audience', async () => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
    await using client = startGoSpiffe(program(), api.env, 'calls');

    expect(await client.ask('jwt', 'reports', db)).toMatchObject({ code: 'PermissionDenied' });
    expect(await client.ask('jwt', '')).toMatchObject({ code: 'InvalidArgument', error: expect.stringContaining('audience') });
    expect(await client.ask('jwt', 'reports', web)).toHaveProperty('svids');
  });

  test('one that has expired is refused by its parser, and by the API', async () => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
    await using client = startGoSpiffe(program(), api.env, 'calls');

    api.expire(web);
    const expired = await client.ask('jwt', 'reports');
    api.rotate(web);
    const renewed = await client.ask('jwt', 'reports');

    expect(expired.error).toMatch(/expired/u);
    expect(renewed.svids).toHaveLength(1);
  });

  test('the API validates those of its own and of a federated trust domain, for their audience alone', async () => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
    await using other = await startWorkloadApi({ trustDomain: 'other.test', workloads: ['spiffe://other.test/web'] });
    await using client = startGoSpiffe(program(), api.env, 'calls');
    await using foreign = startGoSpiffe(program(), other.env, 'calls');
    const own = tokenOf(await client.ask('jwt', 'reports'));
    const theirs = tokenOf(await foreign.ask('jwt', 'reports'));

    const valid = await client.ask('validate', own, 'reports');
    const elsewhere = await client.ask('validate', own, 'billing');
    const unknown = await client.ask('validate', theirs, 'reports');
    api.federate(other);
    const federated = await client.ask('validate', theirs, 'reports');

    expect(valid).toMatchObject({ id: web, claims: { sub: web, aud: ['reports'] } });
    expect(elsewhere).toMatchObject({ code: 'InvalidArgument', error: expect.stringContaining('another audience') });
    expect(unknown).toMatchObject({ code: 'InvalidArgument', error: expect.stringContaining('no JWT bundle') });
    expect(federated).toMatchObject({ id: 'spiffe://other.test/web' });
  });

  test('a token of a key that was replaced is valid until the key is withdrawn', async () => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
    await using client = startGoSpiffe(program(), api.env, 'calls');
    const token = tokenOf(await client.ask('jwt', 'reports'));

    api.rotate('bundle');
    const overlap = await client.ask('validate', token, 'reports');
    const keys = await client.ask('jwtbundles');
    api.retire();
    const withdrawn = await client.ask('validate', token, 'reports');

    expect(overlap).toMatchObject({ id: web });
    expect(keys).toEqual({ keys: { 'example.test': 2 } });
    expect(withdrawn).toMatchObject({ code: 'InvalidArgument' });
  });
});

function tokenOf({ svids = [] }: ClientReport): string {
  const [svid] = svids as readonly unknown[] as readonly { readonly token: string }[]; // as the program says
  return svid?.token ?? '';
}
