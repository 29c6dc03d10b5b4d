import { beforeAll, expect, test } from 'vitest';
import { type Authority, createPki, type KeyAlgorithm, type RevocationReason } from '../../src/index.ts';
import { askPeer, describeWith, outputOf, type Peer, run } from './judges.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const algorithms: readonly KeyAlgorithm[] = [
  'ec-p256',
  'ec-p384',
  'ec-p521',
  'ed25519',
  'rsa-2048',
  'rsa-3072',
  'rsa-4096',
  'rsa-pss-2048',
];
const authorities = new Map(algorithms.map((keyAlgorithm) => [keyAlgorithm, createPki({ keyAlgorithm, intermediates: 0 }).root]));

/** A reason, its code, and how openssl and Java put it; `unspecified` is written by leaving it out. */
const reasons: readonly (readonly [reason: RevocationReason, code: string, openssl: string | undefined, java: string])[] = [
  ['unspecified', '-', undefined, '-'],
  ['keyCompromise', '1', 'Key Compromise', 'KEY_COMPROMISE'],
  ['cACompromise', '2', 'CA Compromise', 'CA_COMPROMISE'],
  ['affiliationChanged', '3', 'Affiliation Changed', 'AFFILIATION_CHANGED'],
  ['superseded', '4', 'Superseded', 'SUPERSEDED'],
  ['cessationOfOperation', '5', 'Cessation Of Operation', 'CESSATION_OF_OPERATION'],
  ['certificateHold', '6', 'Certificate Hold', 'CERTIFICATE_HOLD'],
  ['removeFromCRL', '8', 'Remove From CRL', 'REMOVE_FROM_CRL'],
  ['privilegeWithdrawn', '9', 'Privilege Withdrawn', 'PRIVILEGE_WITHDRAWN'],
  ['aACompromise', '10', 'AA Compromise', 'AA_COMPROMISE'],
];

/** A list with an entry for each reason: serial numbers from 0x1000, dates from 2045-01-01, so that the last ones are past 2049. */
const issuer = createPki({ intermediates: 0 }).root;
for (const [index, [reason]] of reasons.entries()) issuer.revoke(BigInt(0x1000 + index), { reason, date: dateOf(index) });
const thisUpdate = new Date('2026-01-02T03:04:05Z');
const nextUpdate = new Date('2050-01-02T03:04:05Z');
const list = issuer.crl({ thisUpdate, nextUpdate, number: 42 });

describeWith('openssl')('a CRL before openssl', () => {
  test.for(algorithms)('is signed by its issuer with a key of %s', async (algorithm) => {
    using folder = temporaryFolder();
    const authority = authorityOf(algorithm);

    expect(await askOpenssl(folder, authority.crl(), authority)).toBe('verify OK');
    expect(await askOpenssl(folder, withLastBitChanged(authority.crl()), authority)).toContain('verify failure');
  });

  test('has each reason and date, and its number', async () => {
    using folder = temporaryFolder();

    const text = await outputOf('openssl', ['crl', '-in', folder.write('list.pem', list), '-noout', '-text']);

    expect(text).toContain('Last Update: Jan  2 03:04:05 2026 GMT');
    expect(text).toContain('Next Update: Jan  2 03:04:05 2050 GMT');
    expect(text).toMatch(/X509v3 CRL Number: \n\s+42\n/u);
    const entries = [
      ...text.matchAll(
        /Serial Number: (\w+)\n\s+Revocation Date: (.*)\n(?:\s+CRL entry extensions:\n\s+X509v3 CRL Reason Code: \n\s+(.*)\n)?/gu,
      ),
    ];
    expect(entries.map(([, serial, date = '', reason]) => [serial, new Date(date), reason])).toEqual(
      reasons.map(([, , reason], index) => [(0x1000 + index).toString(16), dateOf(index), reason]),
    );
  });
});

describeWith('certtool')('a CRL before certtool', () => {
  // GnuTLS 3.7.9 refuses every CRL signed with RSA-PSS, OpenSSL's and its own included.
  test.for(algorithms.filter((algorithm) => algorithm !== 'rsa-pss-2048'))(
    'is signed by its issuer with a key of %s',
    async (algorithm) => {
      using folder = temporaryFolder();
      const authority = authorityOf(algorithm);

      expect(await askCerttool(folder, authority.crl(), authority)).toBe('Verified. The certificate is trusted.');
      expect(await askCerttool(folder, withLastBitChanged(authority.crl()), authority)).toContain('Not verified.');
    },
  );

  test('is refused where it is stale', async () => {
    using folder = temporaryFolder();

    expect(await askCerttool(folder, issuer.crl({ nextUpdate: new Date(Date.now() - 60_000) }), issuer)).toContain(
      'data are old and have been superseded',
    );
  });
});

describeWith('go')('a CRL before Go', () => {
  const lists = readLists('go-read', (crl, certificate) => [crl, certificate]);

  // Go has no public keys of the type id-RSASSA-PSS.
  test.for(algorithms.filter((algorithm) => algorithm !== 'rsa-pss-2048'))('is signed by its issuer with a key of %s', (algorithm) => {
    expect(lists.signatures.get(algorithm)).toBe('signed');
    expect(lists.signatures.get(`damaged ${algorithm}`)).toMatch(/verification (?:failure|error)/u);
  });

  test('has each reason and date, and its number', () => {
    expect(lists.lines[0]).toEqual(['list', '2026-01-02T03:04:05Z', '2050-01-02T03:04:05Z', '42', 'signed']);
    expect(lists.lines.slice(1)).toEqual(reasons.map(([, code], index) => ['revoked', (0x1000 + index).toString(16), isoOf(index), code]));
  });
});

describeWith('java')('a CRL before Java', () => {
  const lists = readLists('java-read', (crl, certificate) => ['list', crl, certificate]);

  test.for(algorithms)('is signed by its issuer with a key of %s', (algorithm) => {
    expect(lists.signatures.get(algorithm)).toBe('signed');
    expect(lists.signatures.get(`damaged ${algorithm}`)).toContain('SignatureException');
  });

  test('has each reason and date', () => {
    expect(lists.lines[0]).toEqual(['list', '2026-01-02T03:04:05Z', '2050-01-02T03:04:05Z', 'signed']);
    expect(lists.lines.slice(1)).toEqual(
      reasons.map(([, , , reason], index) => ['revoked', (0x1000 + index).toString(16), isoOf(index), reason]),
    );
  });
});

/** What a peer says of the list of reasons, and of a good and a damaged signature of each algorithm. Filled before the tests run. */
function readLists(
  peer: Peer,
  question: (crl: string, certificate: string) => readonly string[],
): { readonly lines: string[][]; readonly signatures: ReadonlyMap<string, string> } {
  const lines: string[][] = [];
  const signatures = new Map<string, string>();

  beforeAll(async () => {
    using folder = temporaryFolder();
    const ask = (name: string, crl: string, { certificatePem }: Authority): readonly string[] =>
      question(folder.write(`${name}.crl`, crl), folder.write(`${name}.pem`, certificatePem));
    const signed = algorithms.map((algorithm) => [algorithm, authorityOf(algorithm).crl(), authorityOf(algorithm)] as const);
    const damaged = signed.map(([name, crl, authority]) => [`damaged ${name}`, withLastBitChanged(crl), authority] as const);
    const all = [...signed, ...damaged];

    const said = await askPeer(
      peer,
      [...all, ['reasons', list, issuer] as const].map(([name, crl, authority]) => ask(name, crl, authority)),
      folder.path,
    );

    for (const [index, [name]] of all.entries()) signatures.set(name, said[index]?.at(-1) ?? 'nothing');
    lines.push(...said.slice(all.length));
  });
  return { lines, signatures };
}

async function askOpenssl(folder: TemporaryFolder, crl: string, { certificatePem }: Authority): Promise<string> {
  const { stderr } = await run('openssl', [
    'crl',
    '-in',
    folder.write('list.pem', crl),
    '-CAfile',
    folder.write('issuer.pem', certificatePem),
    '-noout',
    '-verify',
  ]);
  return stderr.trim();
}

async function askCerttool(folder: TemporaryFolder, crl: string, { certificatePem }: Authority): Promise<string | undefined> {
  const { stdout } = await run('certtool', [
    '--verify-crl',
    '--load-ca-certificate',
    folder.write('issuer.pem', certificatePem),
    '--infile',
    folder.write('list.pem', crl),
  ]);
  return /Verification output: (.*)/u.exec(stdout)?.[1]?.trim();
}

function authorityOf(algorithm: KeyAlgorithm): Authority {
  return authorities.get(algorithm) ?? issuer;
}

/** The last octet of the DER is the last of the signature; it stands before at most two characters of padding. */
function withLastBitChanged(pem: string): string {
  const [, head = '', base64 = '', tail = ''] = /^(-----BEGIN X509 CRL-----\n)(.*?)(-----END X509 CRL-----\n)$/su.exec(pem) ?? [];
  const der = Buffer.from(base64, 'base64');
  der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
  return `${head}${der.toString('base64')}\n${tail}`;
}

function dateOf(index: number): Date {
  return new Date(Date.UTC(2045 + index, 0, 1, 12, 30, index));
}

function isoOf(index: number): string {
  return dateOf(index).toISOString().replace('.000', '');
}
