import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isAllowed, productionDependencies } from './dependencies.ts';
import { projectRoot } from './syntax.ts';

describe('the production dependencies', () => {
  const dependencies = productionDependencies(projectRoot);

  test('are found, the transitive ones too', () => {
    const names = dependencies.map(({ name }) => name);

    expect(names).toEqual(expect.arrayContaining(['commander', 'selfsigned', '@peculiar/x509', 'asn1js', 'ansi-regex']));
    expect(names).not.toContain('vitest');
    expect(names.length).toBeLessThan(60);
  });

  test('have licences that let every user use and redistribute them', () => {
    const others = dependencies.filter(({ license }) => !isAllowed(license));

    expect(others.map(({ name, version, license, by }) => `${name}@${version} of ${by}: "${license}"`)).toEqual([]);
  });
});

test.for<[license: string, allowed: boolean]>([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['GPL-3.0-only OR 0BSD', true],
  ['MIT AND ISC', true],
  ['MIT AND LGPL-3.0-only', false],
  ['GPL-3.0-only', false],
  ['(MIT AND (GPL-3.0-only OR ISC))', false],
  ['UNLICENSED', false],
  ['SEE LICENSE IN LICENSE.txt', false],
  ['', false],
])('that the licence "%s" is allowed is %s', ([license, allowed]) => {
  expect(isAllowed(license)).toBe(allowed);
});

test('a dependency of a dependency is found where it is installed, with its licence however that is written', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-tree-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  install(folder, '.', {
    name: 'top',
    dependencies: { a: '1', b: '1' },
    optionalDependencies: { absent: '1' },
    devDependencies: { dev: '1' },
  });
  install(folder, 'node_modules/a', { version: '1.0.0', license: 'MIT', dependencies: { b: '2' } });
  install(folder, 'node_modules/a/node_modules/b', { version: '2.0.0', licenses: [{ type: 'GPL-2.0' }, { type: 'MIT' }] });
  install(folder, 'node_modules/b', { version: '1.0.0', license: { type: 'ISC' }, dependencies: { a: '1' } });
  install(folder, 'node_modules/dev', { version: '1.0.0', license: 'UNLICENSED' });

  expect(productionDependencies(folder)).toEqual([
    { name: 'a', version: '1.0.0', license: 'MIT', by: 'top' },
    { name: 'b', version: '2.0.0', license: 'GPL-2.0 OR MIT', by: 'a' },
    { name: 'b', version: '1.0.0', license: 'ISC', by: 'top' },
  ]);
  rmSync(path.join(folder, 'node_modules/b'), { recursive: true });
  expect(() => productionDependencies(folder)).toThrow('top requires b, which is not installed');
});

describe('the audit of CI', () => {
  const advisory = {
    id: 1,
    url: 'https://example.test/advisory',
    title: 'bad',
    severity: 'high',
    vulnerable_versions: '>=0',
    cwe: [],
    cvss: { score: 8, vectorString: null },
  };

  test.for<[what: string, status: number, body: string, exitCode: number, said: RegExp]>([
    ['knows of nothing', 200, '{}', 0, /^audit: no known vulnerability in the production dependencies$/mu],
    [
      'knows of a production dependency',
      200,
      JSON.stringify({ commander: [advisory] }),
      1,
      /^commander .*: high; https:\/\/example\.test\/advisory$/mu,
    ],
    ['knows of a development dependency', 200, JSON.stringify({ vitest: [advisory] }), 0, /^audit: no known vulnerability/mu],
    ['has no such endpoint', 405, '', 0, /^AUDIT NOT DONE: the registry could not be asked for vulnerabilities \(.*405/mu],
    ['answers nonsense', 200, '<html>', 0, /^AUDIT NOT DONE/mu],
  ])('where the registry %s', async ([, status, body, exitCode, said]) => {
    const registry = http.createServer((request, response) => {
      request.resume();
      response.writeHead(request.method === 'POST' ? status : 404, { 'content-type': 'application/json' }).end(body);
    });
    onTestFinished(() => void registry.close());
    registry.listen(0, '127.0.0.1');
    await once(registry, 'listening');
    const { port } = registry.address() as AddressInfo; // of a TCP server

    const { output, code } = await audit(`http://127.0.0.1:${port}/`);

    expect(output).toMatch(said);
    expect(code).toBe(exitCode);
  });
});

function install(folder: string, place: string, manifest: object): void {
  mkdirSync(path.join(folder, place), { recursive: true });
  writeFileSync(path.join(folder, place, 'package.json'), JSON.stringify(manifest));
}

async function audit(registry: string): Promise<{ output: string; code: number }> {
  const env = { ...process.env, npm_config_registry: registry, npm_config_fetch_retries: '0', npm_config_audit: 'true' };
  const child = spawn(path.join(projectRoot, '.ci/audit'), { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number]; // it ends by itself
  return { output, code };
}
