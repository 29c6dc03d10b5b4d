import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What Vitest prints of each test that fails. */
function failures(): ReadonlyMap<string, string> {
  const file = 'test/vitest/suites/diffs.suite.ts';
  const options = ['run', '--config', 'test/vitest/suites/vitest.config.ts', '--reporter=default', file];
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'node_modules/vitest/vitest.mjs'), ...options], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  const sections = `${stdout}\n${stderr}`.split(` FAIL  ${file} > `).slice(1);
  return new Map(sections.map((section) => [section.split('\n')[0] ?? '', section]));
}

/** The line that Vitest marks as received. */
const received = (text: string): RegExp => new RegExp(`^\\+ .*${text}`, 'mu');

const expectations: readonly (readonly [string, RegExp])[] = [
  ['a part of a handshake', received('"commonName": "alice"')],
  ['a part of the first handshake', received('"commonName": "alice"')],
  ['a part that holds a matcher', received('"commonName": "alice"')],
  ['a matcher for a part', received('"commonName": "alice"')],
  ['the whole', received('"commonName": "alice"')],
  ['what is computed when it is asked for', /"group": "bob"/u],
  ['a property', /^Received: "alice"$/mu],
  ['a server', /"url": "bob"/u],
  ['an identity', received('"name": "alice"')],
  ['an identity in a part', received('"name": "alice"')],
  ['an authority', received('"name": "mtls-fixtures \\w+ issuing CA"')],
  ['a PKI', received('"name": "mtls-fixtures \\w+"')],
  ['two identities', received('"name": "alice"')],
  ['two identities of one name', received('[\\w+/=]{64}')],
  ['two authorities', received('"name": "mtls-fixtures \\w+ issuing CA"')],
  ['two PKIs', received('"name": "mtls-fixtures \\w+"')],
  ['two handshakes', received('"commonName": "alice"')],
];

describe('where a comparison fails', () => {
  const printed = failures();

  test('each one does', () => {
    expect([...printed.keys()]).toEqual(expectations.map(([title]) => title));
  });

  test.for(expectations)('Vitest shows the difference: %s', ([title, difference]) => {
    const text = printed.get(title) ?? '';

    expect(text).toMatch(/^AssertionError: /mu);
    expect(text).toMatch(difference);
    expect(text).not.toContain('PRIVATE KEY');
  });
});
