import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { inspect } from '../../src/cli/run/inspect.ts';
import { MtlsFixturesError } from '../../src/errors/index.ts';
import { createPki, startTlsServer } from '../../src/index.ts';
import { temporaryFolder } from '../interop/temporary-folder.ts';
import { mutate } from './mutations.ts';
import { randomNumbers } from '../support/random-numbers.ts';

const seeds = globSync(path.join(import.meta.dirname, 'corpus', 'certificate*', '*'))
  .toSorted()
  .map((file) => readFileSync(file));

test.for([
  ['in words', {}, (output: string) => !controlCharacters.test(output)],
  ['in JSON', { json: true }, (output: string) => Array.isArray(JSON.parse(output))],
] as const)('mtls-fixtures inspect tells %s of any file, or refuses it', async ([, options, isSound]) => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'certificate');
  const random = randomNumbers(12);
  let told = 0;

  for (let round = 0; round < seeds.length + 1500; round += 1) {
    writeFileSync(file, seeds[round] ?? mutate(seeds, random));
    const output = await outputOf(() => inspect(file, options));
    if (output === undefined) continue;
    told += 1;
    expect(isSound(output), `round ${round}`).toBe(true);
  }

  expect(told).toBeGreaterThan(100);
});

test('names with control characters are shown without them', async () => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'certificate');
  // A name of the same length is put in place of one that can be issued.
  const { raw } = createPki().server({ commonName: 'aaaaaaa', dns: 'aaaaaaa' }).certificate;
  const hostile = Buffer.from(raw.toString('latin1').replaceAll('aaaaaaa', '\u001b[2J\r\n\u0085'), 'latin1');

  writeFileSync(file, hostile);
  const output = await outputOf(() => inspect(file, {}));

  expect(output).toMatch(/names +\?\[2J\?\?\?\n/u);
  expect(output).not.toMatch(controlCharacters);
});

test('a server that presents such names is shown without them, too', async () => {
  const pki = createPki();
  const identity = pki.server({ commonName: 'aaaaaaa', dns: 'aaaaaaa' });
  const hostile = Buffer.from(identity.certificate.raw.toString('latin1').replaceAll('aaaaaaa', '\u001b[2J\r\n\u0085'), 'latin1');
  await using server = await startTlsServer({ identity, certificateMessage: [hostile] });

  const output = await outputOf(() => inspect(`${server.host}:${server.port}`, {}));

  expect(output).toContain('?[2J???');
  expect(output).not.toMatch(controlCharacters);
});

/** What is printed; undefined where it refuses. */
async function outputOf(work: () => Promise<unknown>): Promise<string | undefined> {
  let output = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  try {
    await work();
    return output;
  } catch (error) {
    if (!(error instanceof MtlsFixturesError)) throw error;
    return undefined;
  } finally {
    write.mockRestore();
  }
}

/** All but the end of a line. */
const controlCharacters = /[\u{0}-\u{9}\u{b}-\u{1f}\u{7f}-\u{9f}]/u;
