import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPki, type Pki, restorePki, type SerializedPki, startHttpsServer, startTlsServer } from '../../../src/index.ts';
import { clientScenarios, protocolScenarios } from '../../../src/scenarios/index.ts';
import { runCommand } from '../transcripts.ts';

/** Those of the core tier, in two halves: the whole catalogue takes longer than a test should. */
const core = [...clientScenarios, ...protocolScenarios.filter(({ underTest }) => underTest === 'server')]
  .filter(({ tier }) => tier === 'core')
  .map(({ id }) => id);
const halves = [core.filter((_id, index) => index % 2 === 0), core.filter((_id, index) => index % 2 === 1)];

test.for(['1.3', '1.2'].flatMap((version) => halves.map((ids, index) => [version, index + 1, ids] as const)))(
  'probe runs the core catalogue with TLS %s, half %i, against a server that trusts the written PKI, and writes JSON and JUnit',
  async ([version, , ids]) => {
    const { folder, pki } = await writtenPki();
    await using server = await startHttpsServer((_request, response) => response.end('hello'), { identity: pki.server() });

    const { output, exitCode } = await runCommand(
      [
        'probe',
        `127.0.0.1:${server.port}`,
        '--pki',
        'pki',
        '--tls',
        version,
        '--stack',
        'node',
        '--timeout',
        '60000',
        '--only',
        ids.join(','),
        '--json',
        'r.json',
        '--junit',
        'r.xml',
      ],
      folder,
    );
    const { results } = JSON.parse(readFileSync(path.join(folder, 'r.json'), 'utf8')) as {
      results: { status: string; unsuitable?: true }[];
    }; // as probe writes it
    const xml = readFileSync(path.join(folder, 'r.xml'), 'utf8');

    expect(exitCode, output).toBe(0);
    expect(results.filter(({ status }) => status === 'as-expected').length).toBeGreaterThan(ids.length * 0.6);
    expect(results.filter(({ status, unsuitable }) => status === 'unexpected' || (status === 'not-judged' && unsuitable !== true))).toEqual(
      [],
    );
    expect(xml.match(/<testcase /gu)).toHaveLength(results.length);
    expect(xml).toContain('failures="0" errors="0"');
  },
);

test.for([
  ['has let it in where the body is cut off', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsecret', 1],
  ['has let it in behind an interim response', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 1],
  ['has refused it where the body is cut off', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nno', 0],
] as const)('a server that answers an expired client %s', async ([, answer, exitCode]) => {
  const { folder, pki } = await writtenPki();
  await using server = await startTlsServer({
    pki,
    clientAuth: 'request',
    onConnection: (socket) => {
      socket.once('data', () => socket.end(socket.authorized ? 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok' : answer));
    },
  });
  const { port } = server;

  const run = await runCommand(
    ['probe', `127.0.0.1:${port}`, '--pki', 'pki', '--http', '/', '--only', 'expired-leaf', '--tls', '1.3'],
    folder,
  );

  expect(run.exitCode, run.output).toBe(exitCode);
});

describe('a server that does not speak TLS 1.2', () => {
  test.for([
    ['is one skipped line', [], { exitCode: 0, sign: 'skipped', asked: '' }],
    ['is one skipped line where a page is requested', ['--http', '/'], { exitCode: 0, sign: 'skipped', asked: '' }],
    [
      'is not judged where that version was requested',
      ['--tls', '1.2'],
      { exitCode: 3, sign: 'not-judged', asked: ', which --tls asks for' },
    ],
    ['is not judged where both were requested', ['--tls', '1.3,1.2'], { exitCode: 3, sign: 'not-judged', asked: ', which --tls asks for' }],
  ] as const)('%s', async ([, more, { exitCode, sign, asked }]) => {
    const { folder, pki } = await writtenPki();
    await using server = await startHttpsServer((_request, response) => response.end(), { identity: pki.server(), minVersion: 'TLSv1.3' });

    const outcome = await runCommand(['probe', `127.0.0.1:${server.port}`, '--pki', 'pki', ...few, ...more], folder);
    const lines = unfolded(outcome.output).filter((line) => line.includes(' control '));

    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^${sign} +control +1\\.2 +the server does not speak TLSv1\\.2${asked}: `, 'u')),
    ]);
    expect(outcome.output).toContain(more[1] === '1.2' ? '0 of 0 as expected' : '2 of 2 as expected, 0 not, 1 not judged');
    expect(outcome.exitCode).toBe(exitCode);
  });
});

test('a server that speaks both versions is judged in both, and one that rejects every client in neither', async () => {
  const { folder, pki } = await writtenPki();
  await using good = await startHttpsServer((_request, response) => response.end(), { identity: pki.server() });
  await using closed = await startHttpsServer((_request, response) => response.end(), {
    identity: pki.server(),
    trust: createPki().anchors,
    minVersion: 'TLSv1.3',
  });

  const judged = await runCommand(['probe', `127.0.0.1:${good.port}`, '--pki', 'pki', ...few], folder);
  const refused = await runCommand(['probe', `127.0.0.1:${closed.port}`, '--pki', 'pki', ...few], folder);

  expect(judged).toMatchObject({ exitCode: 0, output: expect.stringContaining('4 of 4 as expected, 0 not, 0 not judged') });
  expect(refused).toMatchObject({ exitCode: 3, output: expect.stringContaining('0 of 0 as expected, 0 not, 4 not judged') });
  expect(refused.output).not.toContain('does not speak');
});

test('probe names the stacks of which an answer is known, unless it is told the stack', async () => {
  const { folder, pki } = await writtenPki();
  await using server = await startHttpsServer((_request, response) => response.end('hello'), { identity: pki.server() });
  const args = ['probe', `127.0.0.1:${server.port}`, '--pki', 'pki', '--tls', '1.2', '--only', 'leaf-dsa,expired-leaf'];

  const [untold, told] = [await runCommand(args, folder), await runCommand([...args, '--stack', 'node'], folder)];

  expect(untold.output).toMatch(/^the unexpected answer is known of node, .*java.*--stack <name> leaves it out$/mu);
  expect(untold.exitCode).toBe(1);
  expect(told.output).not.toContain('--stack');
  expect(told.exitCode).toBe(0);
});

/** A command of 80 columns continues long lines with four spaces. */
function unfolded(output: string): readonly string[] {
  return output.replaceAll(/\n {4}/gu, ' ').split('\n');
}

const few = ['--only', 'expired-leaf,unknown-ca', '--stack', 'node', '--timeout', '60000'];

async function writtenPki(): Promise<{ readonly folder: string; readonly pki: Pki }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-probe-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await runCommand(['pki', 'pki', '--tier', 'app'], folder);
  return { folder, pki: restorePki(JSON.parse(readFileSync(path.join(folder, 'pki/pki.json'), 'utf8')) as SerializedPki) }; // what the command wrote
}
