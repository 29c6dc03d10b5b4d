import { expect, test } from 'vitest';
import { clientScenarios, serverScenarios } from '../../../src/scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../../src/scenarios/catalogue/protocol-catalogue.ts';
import { describeReferences, describeSources, type Reference, weaknessName } from '../../../src/scenarios/catalogue/references.ts';

test.for<readonly [readonly Reference[], string]>([
  [[{ rfc: 5280, section: '6.1' }], 'RFC 5280 6.1'],
  [[{ rfc: 8410 }], 'RFC 8410'],
  [
    [
      { rfc: 5280, section: '4.1.2.5' },
      { rfc: 5280, section: '6.1.3(a)(2)', note: 'both dates' },
      { rfc: 5280, section: '4.2' },
    ],
    'RFC 5280 4.1.2.5, 6.1.3(a)(2) (both dates); RFC 5280 4.2',
  ],
  [
    [
      { document: 'X.690', section: '10.1' },
      { rfc: 5280, section: '4.1' },
    ],
    'X.690 10.1; RFC 5280 4.1',
  ],
  [[{ document: 'Netscape certificate extensions', note: 'obsolete' }], 'Netscape certificate extensions (obsolete)'],
  [[], 'local policy'],
])('%j is written as "%s"', ([references, text]) => {
  expect(describeReferences(references)).toBe(text);
});

test('vulnerabilities and weaknesses follow the references', () => {
  const references = [{ rfc: 5280, section: '6.1.3(a)(1)' }];

  expect(describeSources({ references, cves: ['CVE-2022-21449'], cwes: ['CWE-347'] })).toBe(
    'RFC 5280 6.1.3(a)(1); class of CVE-2022-21449; CWE-347',
  );
  expect(describeSources({ references: [], cves: ['CVE-2016-8610', 'CVE-2011-1473'], cwes: [] })).toBe(
    'class of CVE-2016-8610 and CVE-2011-1473',
  );
  expect(describeSources({ references: [], cves: [], cwes: [] })).toBe('local policy');
});

test.for([...clientScenarios, ...serverScenarios, ...protocolScenarios])(
  '$role $id has a weakness, and a severity by whether something has to be rejected, or made anew for a second call',
  (scenario) => {
    const { tier, expected, severity, cwes, cves, controls, references } = scenario;
    const mustBeRejected = tier === 'app' || Object.values(expected).some(({ verdict }) => verdict === 'rejected');
    const isTwoCalls = 'calls' in scenario && scenario.calls === 2;

    expect(severity !== 'informational' && !mustBeRejected && !isTwoCalls).toBe(false);
    expect(severity === 'informational' && mustBeRejected && (tier === 'core' || tier === 'extended')).toBe(false);
    expect(cwes.length).toBeGreaterThan(0);
    expect(cwes.includes('CWE-440')).toBe(severity === 'informational');
    expect(cves.filter((cve) => !/^CVE-(?:19|20)\d\d-\d{4,}$/u.test(cve))).toEqual([]);
    expect(cwes.filter((cwe) => weaknessName(cwe).length < 10)).toEqual([]);
    expect(references.length > 0 || tier === 'varies').toBe(true);
    expect([references, cves, cwes, controls, ...references].every((value) => Object.isFrozen(value))).toBe(true);
  },
);

test('an expired certificate, another host, an untrusted issuer and a revoked certificate are the weaknesses that CWE has names for', () => {
  const facts = (id: string): object => serverScenarios.find((scenario) => scenario.id === id) ?? {};

  expect(facts('expired-leaf')).toMatchObject({ cwes: ['CWE-298'], severity: 'high' });
  expect(facts('wrong-host')).toMatchObject({ cwes: ['CWE-297'], severity: 'high' });
  expect(facts('unknown-ca')).toMatchObject({ cwes: ['CWE-296'], severity: 'critical' });
  expect(facts('crl-revoked-leaf')).toMatchObject({ cwes: ['CWE-299'], severity: 'high' });
  expect(facts('valid')).toMatchObject({ cwes: ['CWE-440'], severity: 'informational', controls: [] });
});
