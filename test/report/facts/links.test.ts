import { expect, test } from 'vitest';
import { sourceLinks } from '../../../src/report/facts/links.ts';
import { clientScenarios, serverScenarios } from '../../../src/scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../../src/scenarios/catalogue/protocol-catalogue.ts';
import type { Reference } from '../../../src/scenarios/catalogue/references.ts';

test.for<[reference: Reference, text: string, url: string | undefined]>([
  [{ rfc: 8446 }, 'RFC 8446', 'https://www.rfc-editor.org/rfc/rfc8446'],
  [{ rfc: 5280, section: '4.1.2.5' }, 'RFC 5280 4.1.2.5', 'https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5'],
  [{ rfc: 5280, section: '6.1.3(a)(1)' }, 'RFC 5280 6.1.3(a)(1)', 'https://www.rfc-editor.org/rfc/rfc5280#section-6.1.3'],
  [{ rfc: 8446, section: 'E.1.4', note: 'must' }, 'RFC 8446 E.1.4 (must)', 'https://www.rfc-editor.org/rfc/rfc8446#appendix-E.1.4'],
  [
    { document: 'RustSec', section: 'RUSTSEC-2026-0099' },
    'RustSec RUSTSEC-2026-0099',
    'https://rustsec.org/advisories/RUSTSEC-2026-0099.html',
  ],
  [{ document: 'nodejs/node', section: '#35317' }, 'nodejs/node #35317', 'https://github.com/nodejs/node/issues/35317'],
  [{ document: 'X.690', section: '10.1' }, 'X.690 10.1', undefined],
])('the reference %o is shown as %s', ([reference, text, url]) => {
  expect(sourceLinks({ references: [reference], cves: [], cwes: [] })).toEqual([{ text, ...(url !== undefined && { url }) }]);
});

test('vulnerabilities and weaknesses lead to the lists that number them', () => {
  expect(sourceLinks({ references: [], cves: ['CVE-2022-21449'], cwes: ['CWE-298'] })).toEqual([
    { text: 'class of CVE-2022-21449', url: 'https://www.cve.org/CVERecord?id=CVE-2022-21449' },
    { text: 'CWE-298 Improper Validation of Certificate Expiration', url: 'https://cwe.mitre.org/data/definitions/298.html' },
  ]);
});

test('every address of the catalogue is of one of these places, and every clause of an RFC has an anchor', () => {
  const scenarios = [...clientScenarios, ...serverScenarios, ...protocolScenarios];
  const urls = scenarios.flatMap((scenario) => sourceLinks(scenario).flatMap(({ url }) => url ?? []));

  expect(urls.length).toBeGreaterThan(500);
  for (const url of urls)
    expect(url).toMatch(
      /^https:\/\/(?:www\.rfc-editor\.org\/rfc\/rfc\d+(?:#section-\d+(?:\.\d+)*|#appendix-[A-Z](?:\.\d+)*)?|www\.cve\.org\/CVERecord\?id=CVE-\d+-\d+|cwe\.mitre\.org\/data\/definitions\/\d+\.html|rustsec\.org\/advisories\/RUSTSEC-[\d-]+\.html|github\.com\/nodejs\/node\/issues\/\d+)$/u,
    );
  const clauses = scenarios.flatMap(({ references }) =>
    references.filter((reference) => 'rfc' in reference && /^[A-Z\d]/u.test(reference.section ?? '')),
  );
  expect(urls.filter((url) => url.includes('rfc-editor') && url.includes('#'))).toHaveLength(clauses.length);
});
