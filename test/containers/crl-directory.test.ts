import { expect, test } from 'vitest';
import { crlDirectory } from '../../src/containers/crl-directory.ts';
import { createPki } from '../../src/index.ts';
import { describeWith, run } from '../interop/judges.ts';
import { temporaryFolder } from '../interop/temporary-folder.ts';

describeWith('openssl')('a directory of CRLs', () => {
  test.for([
    ['text', 'A  Root,\tOf Many   Letters '],
    ['letters outside ASCII', 'Ärzte Ω ÅNGSTRÖM'],
    [
      'attributes of several string types',
      { country: 'DE', domainComponent: ['Example', 'TEST'], organization: 'Müller & Co', emailAddress: 'CA@Example.test' },
    ],
    [
      'a part with two attributes',
      [
        [
          { type: 'commonName', value: 'Zoë' },
          { type: 'organization', value: 'ACME' },
        ],
      ],
    ],
  ] as const)('has the names that openssl rehash gives: $0', async ([, subject]) => {
    using folder = temporaryFolder();
    const crl = createPki().root.issueAuthority({ subject }).crl();

    const [name] = Object.keys(crlDirectory(crl));

    const { stdout } = await run('openssl', ['crl', '-noout', '-hash', '-in', folder.write('ca.crl', crl)]);
    expect(name).toBe(`${stdout.trim()}.r0`);
  });

  test('numbers the lists of one issuer, and keeps those of others apart', () => {
    const pki = createPki();

    const lists = [...pki.crls(), pki.issuer.crl()].join('');

    const files = crlDirectory(lists);

    expect(Object.keys(files).map((name) => name.replace(/^[0-9a-f]{8}/u, ''))).toEqual(['.r0', '.r0', '.r1']);
    expect(Object.values(files).join('')).toBe(lists);
  });
});
