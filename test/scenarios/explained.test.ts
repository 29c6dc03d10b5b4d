import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, type Handshake, startTlsServer } from '../../src/index.ts';
import { clientScenarios, serverScenarios } from '../../src/scenarios/index.ts';
import type { ArrangedCredential } from '../../src/scenarios/catalogue/scenario.ts';

const pki = createPki({ name: 'shop' });
const usual = [...clientScenarios, ...serverScenarios].filter(({ tier }) => tier !== 'app');

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (version) => {
  test.for(usual)('the story of a $role with $id fits a page and names the reason', async (scenario) => {
    const handshake = await shakeHands(scenario.role, scenario.arrange(pki), { minVersion: version, maxVersion: version });

    expect(faultsOf(handshake)).toEqual([]);
  });
});

/** The files are what Node 26 says. */
const isNode26 = process.versions.node.startsWith('26.');
const core = usual.filter(({ tier }) => tier === 'core');

test.for(isNode26 ? core : [])('the story of a $role with $id is told in these words', async (scenario) => {
  const { role, id } = scenario;
  const handshake = await shakeHands(role, scenario.arrange(pki), { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' });

  await expect(handshake.explain({ masked: true })).toMatchFileSnapshot(`../../fixtures/explained/${role}/${id}.txt`);
});

test.for(isNode26 ? [] : core)('the story of a $role with $id is told as on Node 26', async (scenario) => {
  const { role, id } = scenario;
  const handshake = await shakeHands(role, scenario.arrange(pki), { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' });

  const told = readFileSync(new URL(`../../fixtures/explained/${role}/${id}.txt`, import.meta.url), 'utf8');
  expect(everybodys(handshake.explain({ masked: true }))).toBe(everybodys(told));
});

/** Without the advice about the system's roots, which Node 22 does not give, and without the lines in OpenSSL's sources. */
function everybodys(story: string): string {
  return story
    .replaceAll(/; if the root CA is installed locally, try running Node.js with --use-system-ca/gu, '')
    .replaceAll(/\.c:\d+:/gu, '.c:');
}

interface Versions {
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion: 'TLSv1.2' | 'TLSv1.3';
}

async function shakeHands(role: 'client' | 'server', credential: ArrangedCredential, versions: Versions): Promise<Handshake> {
  const { identity, certificateMessage, ciphers, host, trust, crl } = credential;
  const presented = { ...(certificateMessage && { certificateMessage }) };
  const common = { ...versions, ...(ciphers !== undefined && { ciphers }) };
  const revocation = crl && { crl };
  if (role === 'server') {
    await using bad = await startTlsServer({ identity, trust: pki, ...common, ...presented });
    return await attemptHandshake(bad, { identity: pki.client(), trust, servername: host, ...common, ...revocation });
  }
  await using server = await startTlsServer({ identity: pki.server(), trust, ...common, ...revocation });
  return await attemptHandshake(server, { identity, trust: pki, ...common, ...presented });
}

/** What is wrong with a story, in words. */
function faultsOf(handshake: Handshake): string[] {
  const text = handshake.explain({ masked: true });
  const lines = text.split('\n');
  const ladder = lines.filter((line) => /^[ >] +<time> {2}/u.test(line));
  const { verdict, reason = handshake.alert?.name ?? 'leaves without an alert' } = handshake;
  const faults: readonly (readonly [string, boolean])[] = [
    ['more than 25 lines', lines.length > 25],
    ['no verdict', !/^Handshake (?:accepted|rejected by the (?:client|server): )/u.test(text)],
    ['not one decisive line', ladder.filter((line) => line.startsWith('>')).length !== 1],
    ['an end whose API is not told', !/^ {2}client API {2}\S/mu.test(text) || !/^ {2}server API {2}\S/mu.test(text)],
    ['something that was not masked', /\d{4}-\d\d-\d\dT|mtls-fixtures [\da-f]{6}\b/u.test(text)],
    ['something that is no text', /undefined|\[object/u.test(text)],
    ['no next step', verdict === 'rejected' && !/^ {2}next {8}\S/mu.test(text)],
    ['no reason', verdict === 'rejected' && !text.includes(reason)],
  ];
  return faults.flatMap(([fault, isThere]) => (isThere ? [`${fault}:\n${text}`] : []));
}
