import { availableParallelism } from 'node:os';
import { figure, type Section } from './section.ts';
import { createVitestProject, leftToNode, type VitestProject, type VitestRun } from './vitest-project.ts';

/** The catalogue in Vitest: what workers, shards and one PKI for all make of it. */
export async function workers(): Promise<Section> {
  const shared = suitesWith("globalSetup: ['DIST/vitest-global-setup.js'],");
  const own = suitesWith('');
  const otherHalf = suitesWith("globalSetup: ['DIST/vitest-global-setup.js'],"); // results of its own
  try {
    await shared.run('--shard=1/4'); // reads everything from the disk once
    const one = await shared.run('--maxWorkers=1');
    const rows = [rowOf('1 worker', one, one)];
    for (const count of [2, 4]) rows.push(rowOf(`${count} workers`, await shared.run(`--maxWorkers=${count}`), one));
    const halves = await Promise.all([shared, otherHalf].map((project, index) => project.run('--maxWorkers=1', `--shard=${index + 1}/2`)));
    rows.push(...halves.map((half, index) => rowOf(`--shard=${index + 1}/2, 1 worker, at once with the other`, half, one)));
    rows.push(rowOf('both shards', together(halves), one));
    rows.push(rowOf('1 worker, a PKI for each file', await own.run('--maxWorkers=1'), one));
    return {
      title: 'The catalogue in Vitest: workers and shards',
      notes: [
        `${files} test files, each with the whole catalogue against a server and against a client with one version of TLS, by \`describeServerUnderTest\` and \`describeClientUnderTest\` with timeouts of one and a half and three seconds; from the start of Vitest to its end, one run each. One PKI for all files by global-setup unless said otherwise.`,
        `This machine has ${availableParallelism()} cores: what more workers than that gain is what scenarios spend waiting.`,
      ],
      tables: [{ title: '', columns: ['', 'tests', 'failed', 'seconds', 'ms a test', 'speed against 1 worker'], rows }],
      goals: [],
      plots: [],
    };
  } finally {
    for (const project of [shared, own, otherHalf]) project.remove();
  }
}

function together(runs: readonly VitestRun[]): VitestRun {
  return { milliseconds: Math.max(...runs.map(({ milliseconds }) => milliseconds)), tests: runs.flatMap(({ tests }) => tests) };
}

function rowOf(name: string, { milliseconds, tests }: VitestRun, one: VitestRun): string[] {
  const each = milliseconds / tests.length;
  const failed = tests.filter(({ status }) => status === 'failed');
  for (const { fullName, failureMessages } of failed) process.stderr.write(`failed with ${name}: ${fullName}: ${failureMessages[0]}\n`);
  return [
    name,
    String(tests.length),
    String(failed.length),
    figure(milliseconds / 1000),
    figure(each),
    `${figure(one.milliseconds / one.tests.length / each)} times`,
  ];
}

function suitesWith(setup: string): VitestProject {
  return createVitestProject(
    Object.fromEntries(
      Array.from({ length: files }, (_unused, index) => [`catalogue-${index}.test.js`, suiteOf(index % 2 === 0 ? 'TLSv1.3' : 'TLSv1.2')]),
    ),
    `export default { test: { include: ['*.test.js'], ${setup} ${leftToNode} } };`,
  );
}

function suiteOf(version: string): string {
  return `import https from 'node:https';
import { describeClientUnderTest, describeServerUnderTest } from 'DIST/vitest.js';

const options = { timeout: 3000, stack: 'node', versions: ['${version}'] };

describeServerUnderTest('the server', {
  start: ({ identity, trust, crl }) =>
    https.createServer({ ...identity.tls, ca: trust, crl, requestCert: true, rejectUnauthorized: true, handshakeTimeout: 1500 }, (request, response) => response.end('hello')),
}, options);

describeClientUnderTest('the client', ({ url, tls }) => new Promise((resolve, reject) => {
  const request = https.get(url, { ...tls, agent: false, timeout: 1500 }, (response) => {
    response.resume().on('end', resolve).on('error', reject);
  });
  request.on('timeout', () => request.destroy(new Error('no answer in time')));
  request.on('error', reject);
}), options);
`;
}

const files = 4;
