import { expect, test } from 'vitest';
import type { ForwardedFormat } from '../../../../src/forwarded/format.ts';
import { headerFormats } from '../../../../src/forwarded/formats.ts';
import { createPki } from '../../../../src/pki/pki.ts';
import { forwardedScenarios } from '../../../../src/scenarios/catalogue/forwarded-catalogue.ts';
import type { ForwardedScenario } from '../../../../src/scenarios/catalogue/forwarded/forwarded-scenario.ts';
import { ForwardedSetup } from '../../../../src/scenarios/catalogue/forwarded/forwarded-setup.ts';
import { formatFacts } from '../../../../src/scenarios/catalogue/forwarded/format-facts.ts';

const pki = createPki();
const setups = new Map<ForwardedFormat, ForwardedSetup>();
/** One for each format: it mints the clients once. */
function setupOf(format: ForwardedFormat): ForwardedSetup {
  const setup = setups.get(format) ?? new ForwardedSetup({ pki, format });
  setups.set(format, setup);
  return setup;
}
const sent = (id: string, format: ForwardedFormat): readonly (readonly (readonly [string, string])[])[] => {
  const scenario = forwardedScenarios.find((candidate) => candidate.id === id);
  if (!scenario) throw new Error(id);
  return scenario.trial.exchanges(setupOf(format)).flatMap(({ requests }) => requests.map(({ lines }) => lines));
};
const [value = ''] = sent('forwarded-name-lower-case', 'rfc9440').flatMap((lines) => lines.map(([, text]) => text));

test('each id stands for one scenario', () => {
  const ids = forwardedScenarios.map(({ id }) => id);

  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test.for([
  ['rfc9440', 55],
  ['envoy', 55],
  ['nginx', 60],
  ['apache', 60],
  ['haproxy', 55],
  ['traefik', 50],
  ['caddy', 50],
  ['aws-alb', 50],
  ['aws-alb-passthrough', 50],
  ['gcp', 60],
  ['azure-app-service', 50],
  ['cloudflare', 50],
  ['kubernetes-front-proxy', 30],
] as const)('%s has at least %i scenarios for an application', ([format, least]) => {
  const own = forwardedScenarios.filter(({ formats, through }) => through === 'application' && formats.includes(format));

  expect(own.length).toBeGreaterThanOrEqual(least);
});

test('what the facts say of a format is what it writes', () => {
  for (const { format, names, write } of headerFormats) {
    const { verify, chain, subject, encoding, saysAbsent } = formatFacts[format];
    const absent = write({ certificates: [], verified: true, chain: true });

    expect([format, names.verify !== undefined]).toEqual([format, verify !== undefined]);
    expect([format, names.chain !== undefined]).toEqual([format, chain === 'header']);
    expect([format, names.subject !== undefined || names.info !== undefined || encoding === 'xfcc']).toEqual([format, subject === true]);
    expect([format, names.user !== undefined]).toEqual([format, encoding === 'identity']);
    expect([format, absent.length > 0]).toEqual([format, saysAbsent === true]);
  }
});

test.for(headerFormats.map(({ format }) => format))('every scenario of %s can be arranged, with headers of the format', (format) => {
  const own = forwardedScenarios.filter(({ formats }) => formats.includes(format));
  const names = (scenario: ForwardedScenario): readonly string[] =>
    scenario.trial
      .exchanges(setupOf(format))
      .flatMap(({ requests }) => requests.flatMap(({ lines, trailers = [] }) => [...lines, ...trailers].map(([name]) => name)));

  for (const scenario of own) expect(names(scenario).every((name) => /^[\w.%-]+ ?$/u.test(name))).toBe(true);
});

test('a scenario differs from the authorized client in one respect', () => {
  expect(value).toMatch(/^:[A-Za-z0-9+/]+=*:$/u);
  expect(
    sent('forwarded-name-upper-case', 'rfc9440')
      .flat()
      .map(([name]) => name),
  ).toEqual(['CLIENT-CERT', 'CLIENT-CERT-CHAIN']);
  expect(
    sent('forwarded-underscores', 'rfc9440')
      .flat()
      .map(([name]) => name),
  ).toEqual(['Client_Cert', 'Client_Cert_Chain']);
  expect(sent('forwarded-header-null-text', 'rfc9440')).toEqual([
    [
      ['Client-Cert', '(null)'],
      ['Client-Cert-Chain', '(null)'],
    ],
  ]);
  expect(sent('forwarded-without-colons', 'rfc9440').flat()[0]?.[1]).toMatch(/^[A-Za-z0-9+/]+=*$/u);
  expect(sent('forwarded-joined-forged-first', 'rfc9440').flat()[0]?.[1]).toMatch(/^:[^:]+:, :[^:]+:$/u);
  expect(
    sent('forwarded-doubled-forged-first', 'rfc9440')
      .flat()
      .map(([name]) => name),
  ).toEqual(['Client-Cert', 'Client-Cert-Chain', 'Client-Cert', 'Client-Cert-Chain']);
});

test('the same clients can be had by what names them alone', () => {
  const scenario = forwardedScenarios.find(({ id }) => id === 'forwarded-other-client');
  const [exchange] = scenario?.trial.exchanges({ pki, format: 'nginx', names: { subject: 'X-Subject' } }) ?? [];

  expect(exchange?.requests[0]?.lines).toContainEqual(['X-Subject', 'CN=another client']);
});

test('a certificate whose Base64 has a plus sign is tried apart', () => {
  const plain = sent('forwarded-name-lower-case', 'rfc9440').flat()[0]?.[1] ?? '';
  const plus = sent('forwarded-plus-sign', 'rfc9440').flat()[0]?.[1] ?? '';

  expect([plus.includes('+'), plus.includes('/')]).toEqual([true, true]);
  expect(plain).not.toBe(plus);
});

test.for([
  ['forwarded-verify-failed', [/^FAILED:/u]],
  ['forwarded-verify-none', [/^NONE$/u]],
  ['forwarded-verify-generous', [/^GENEROUS$/u]],
  ['forwarded-verify-empty', [/^$/u]],
  ['forwarded-verify-other-case', [/^success$/u]],
  ['forwarded-verify-prefix', [/^SUCCESSFUL$/u]],
  ['forwarded-verify-joined', [/^SUCCESS, FAILED:/u, /^FAILED:.*, SUCCESS$/u]],
] as const)('of %s the verdict alone is another one', ([id, verdicts]) => {
  const requests = sent(id, 'nginx');
  const verdictsSent = requests.map((lines) => lines.filter(([name]) => name === 'X-SSL-Client-Verify').map(([, text]) => text));

  expect(verdictsSent.map(([verdict]) => verdict)).toEqual(verdicts.map((verdict) => expect.stringMatching(verdict)));
  for (const lines of requests) expect(lines.map(([name]) => name)).toContain('X-SSL-CERT');
});

test('the verdict is absent where it was taken away, and alone where there is no certificate', () => {
  expect(
    sent('forwarded-verify-absent', 'nginx')
      .flat()
      .map(([name]) => name),
  ).not.toContain('X-SSL-Client-Verify');
  expect(sent('forwarded-verify-without-certificate', 'nginx')).toEqual([[['X-SSL-Client-Verify', 'SUCCESS']]]);
});

test('escapes are changed, and nothing else', () => {
  const certificateOf = (id: string): string =>
    sent(id, 'nginx')
      .flat()
      .find(([name]) => name === 'X-SSL-CERT')?.[1] ?? '';

  expect(certificateOf('forwarded-escaped-twice')).toMatch(/^-----BEGIN%2520CERTIFICATE-----%250A/u);
  expect(decodeURIComponent(certificateOf('forwarded-escape-lower-case'))).toMatch(
    /^-----BEGIN CERTIFICATE-----\n[^%]+-----END CERTIFICATE-----\n$/u,
  );
  expect(() => decodeURIComponent(certificateOf('forwarded-escape-invalid'))).toThrow(URIError);
  expect(decodeURIComponent(certificateOf('forwarded-two-pem-forged-first')).match(/BEGIN CERTIFICATE/gu)).toHaveLength(2);
  expect(decodeURIComponent(certificateOf('forwarded-other-pem-type'))).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/u);
});

test.for(['nginx', 'aws-alb-passthrough', 'envoy', 'traefik'] as const)(
  "a value of %s that is cut off ends within the client's certificate",
  (format) => {
    const valueOf = (id: string): string => sent(id, format)[0]?.[0]?.[1] ?? '';

    expect(valueOf('forwarded-name-lower-case').length).toBeGreaterThan(valueOf('forwarded-value-truncated').length);
    expect(valueOf('forwarded-value-truncated')).toMatch(/MII/u);
    expect(valueOf('forwarded-value-truncated')).not.toContain('-----END');
  },
);
