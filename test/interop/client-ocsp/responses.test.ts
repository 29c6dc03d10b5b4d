import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { startRevocationServer } from '../../../src/revocation/start-revocation-server.ts';
import type { ArrangedCredential } from '../../../src/scenarios/catalogue/scenario.ts';
import { clientScenario } from '../../scenarios/scenario.ts';
import { describeWith, run, outputOf } from '../judges.ts';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';

const pki = createPki({ name: 'answers' });
const verified = 'Response verify OK';
const failed = 'Response Verify Failure';

const cases = [
  ['ocsp-client-revoked', [verified, ': revoked']],
  ['ocsp-client-stale', [verified, 'WARNING: Status times invalid', 'status expired', 'good']],
  ['ocsp-client-forged', [failed, ': good']],
  ['ocsp-client-wrong-issuer', [failed, 'root ca not trusted', ': good']],
  ['ocsp-client-other-certificate', [verified, 'No Status found']],
  ['ocsp-client-unknown', [verified, ': unknown']],
] as const;

describeWith('openssl')('the responses of the scenarios before openssl', () => {
  test.for(cases.flatMap(([id, words]) => (['POST', 'GET'] as const).map((method) => ({ id, method, words }))))(
    '$id is what it says, and nothing but that, asked by $method',
    async ({ id, method, words }) => {
      using folder = temporaryFolder();
      const scenario = clientScenario(id);

      const control = await askAbout(folder, { method, mint: (ocspUrl) => scenario.control(pki, { ocspUrl }) });
      const said = await askAbout(folder, { method, mint: (ocspUrl) => scenario.arrange(pki, { ocspUrl }) });

      expect(control).toContain(verified);
      expect(control).toContain('.pem: good');
      for (const word of words) expect(said).toContain(word);
    },
  );

  test('a responder that is out of order answers nothing', async () => {
    using folder = temporaryFolder();

    const said = await askAbout(folder, {
      method: 'POST',
      mint: (ocspUrl) => clientScenario('ocsp-client-responder-down').arrange(pki, { ocspUrl }),
    });

    expect(said).toMatch(/Server (?:returned|response)|503|error querying/iu);
  });
});

/** What openssl says of the status of a credential: by its own POST, or of the response to its request sent by GET. */
async function askAbout(
  folder: TemporaryFolder,
  { method, mint }: { readonly method: 'POST' | 'GET'; readonly mint: (ocspUrl: string) => ArrangedCredential },
): Promise<string> {
  let reply: NonNullable<ArrangedCredential['ocsp']>['reply'] = {};
  await using responder = await startRevocationServer(pki, { ocsp: () => reply });
  const { identity, ocsp } = mint(responder.ocspUrl);
  if (!ocsp) throw new TypeError('no responder');
  responder.crlUrl(ocsp.issuer); // which it answers for from now on
  ({ reply } = ocsp);
  const question = [
    '-issuer',
    folder.write('issuer.pem', ocsp.issuer.certificatePem),
    '-cert',
    folder.write('leaf.pem', identity.certificatePem),
  ];
  const trust = ['-CAfile', folder.write('anchors.pem', pki.anchors), '-no-CApath', '-no-CAstore'];
  const judge = async (source: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await run('openssl', ['ocsp', ...source, ...question, ...trust, '-no_nonce']);
    return `${stdout}${stderr}`;
  };
  if (method === 'POST') return await judge(['-url', responder.ocspUrl]);
  const written = folder.write('request.der', '');
  await outputOf('openssl', ['ocsp', ...question, '-no_nonce', '-reqout', written]);
  const response = await fetch(`${responder.ocspUrl}/${encodeURIComponent(readFileSync(written).toString('base64'))}`);
  return await judge(['-respin', folder.write('response.der', Buffer.from(await response.arrayBuffer()))]);
}
