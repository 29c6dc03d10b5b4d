import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { restorePki, type SerializedPki, startHttpsServer } from '../../src/index.ts';
import { runCommand } from './transcripts.ts';

test('probe runs the catalogue against a server that trusts the written PKI, and writes JSON and JUnit', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-probe-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await runCommand(['pki', 'pki', '--tier', 'app'], folder);
  const pki = restorePki(JSON.parse(readFileSync(path.join(folder, 'pki/pki.json'), 'utf8')) as SerializedPki); // what the command wrote
  await using server = await startHttpsServer((_request, response) => response.end('hello'), { identity: pki.server() });

  const { output, exitCode } = await runCommand(
    ['probe', `127.0.0.1:${server.port}`, '--pki', 'pki', '--stack', 'node', '--json', 'r.json', '--junit', 'r.xml'],
    folder,
  );
  const { results } = JSON.parse(readFileSync(path.join(folder, 'r.json'), 'utf8')) as { results: { status: string; unsuitable?: true }[] }; // as probe writes it
  const xml = readFileSync(path.join(folder, 'r.xml'), 'utf8');

  expect(exitCode, output).toBe(0);
  expect(results.filter(({ status }) => status === 'as-expected').length).toBeGreaterThan(170);
  expect(results.filter(({ status, unsuitable }) => status === 'unexpected' || (status === 'not-judged' && unsuitable !== true))).toEqual(
    [],
  );
  expect(xml.match(/<testcase /gu)).toHaveLength(results.length);
  expect(xml).toContain('failures="0" errors="0"');
});
