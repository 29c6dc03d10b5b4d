import type { HeaderLine } from '../../../forwarded/format.ts';
import type { Cwe, Severity } from '../references.ts';
import { forApplications, request } from './forwarded-definition.ts';
import type { FormatFacts } from './format-facts.ts';
import type { ForwardedScenario } from './forwarded-scenario.ts';
import type { ForwardedSetup } from './forwarded-setup.ts';

const verdict = {
  tier: 'core',
  references: [],
  cwes: ['CWE-287', 'CWE-295'] as Cwe[],
  severity: 'critical' as Severity,
  where: ({ verify }: FormatFacts): boolean => verify !== undefined,
} as const;

/** The proxy's verdict on the certificate: only the one word, together with a certificate, says that it is verified. */
export const verdicts = (): readonly ForwardedScenario[] =>
  forApplications(
    {
      ...verdict,
      id: 'forwarded-verify-failed',
      title: 'a certificate that the proxy did not verify',
      differs: 'the header of the verification says that it failed',
      sends: (setup) => [request(judged(setup, () => failedOf(setup)))],
    },
    {
      ...verdict,
      id: 'forwarded-verify-none',
      title: 'a certificate of which the proxy says that there is none',
      differs: 'the header of the verification says what it says where no certificate was presented',
      where: ({ verify }) => verify === 'word',
      sends: (setup) => [request(judged(setup, () => 'NONE'))],
    },
    {
      ...verdict,
      id: 'forwarded-verify-generous',
      title: 'a certificate that the proxy let pass without verification',
      differs: 'the header of the verification says GENEROUS, as Apache does with optional_no_ca',
      where: ({ verify }) => verify === 'word',
      sends: (setup) => [request(judged(setup, () => 'GENEROUS'))],
    },
    {
      ...verdict,
      id: 'forwarded-verify-absent',
      title: 'a certificate without the header of the verification',
      differs: 'the header of the verification is missing',
      sends: (setup) => [request(setup.without(setup.lines(setup.authorized), 'verify'))],
    },
    {
      ...verdict,
      id: 'forwarded-verify-hop-by-hop',
      title: 'a certificate whose verification a proxy has taken away as hop-by-hop',
      differs: 'the client lists the header of the verification in Connection, and it is missing behind the proxy',
      references: [{ rfc: 9110, section: '7.6.1' }],
      cves: ['CVE-2021-32813', 'CVE-2024-45410'],
      sends: (setup) => [
        {
          requests: [{ lines: setup.without(setup.lines(setup.authorized), 'verify'), connection: [setup.nameOf('verify')] }],
        },
      ],
    },
    {
      ...verdict,
      id: 'forwarded-verify-empty',
      title: 'a certificate with an empty header of the verification',
      differs: 'the header of the verification is empty',
      sends: (setup) => [request(judged(setup, () => ''))],
    },
    {
      ...verdict,
      id: 'forwarded-verify-other-case',
      title: 'a certificate whose verification is in another letter case',
      differs: 'the word of success is in another letter case, which no proxy sends',
      tier: 'extended',
      severity: 'low',
      where: ({ verify }) => verify === 'word' || verify === 'boolean',
      sends: (setup) => [request(judged(setup, (word) => (word === word.toUpperCase() ? word.toLowerCase() : word.toUpperCase())))],
    },
    {
      ...verdict,
      id: 'forwarded-verify-prefix',
      title: 'a certificate whose verification begins with the word of success',
      differs: 'more follows the word of success',
      where: ({ verify }) => verify === 'word' || verify === 'number',
      sends: (setup) => [request(judged(setup, (word) => (setup.facts.verify === 'word' ? `${word}FUL` : `${word}, 18`)))],
    },
    {
      ...verdict,
      id: 'forwarded-verify-joined',
      title: 'a certificate with two verdicts in one line',
      differs: 'the header of the verification says success and failure, joined by a comma',
      cwes: ['CWE-287', 'CWE-436'],
      sends: (setup) => [
        request(
          judged(setup, (word) => `${word}, ${failedOf(setup)}`),
          'with the success first',
        ),
        request(
          judged(setup, (word) => `${failedOf(setup)}, ${word}`),
          'with the success last',
        ),
      ],
    },
    {
      ...verdict,
      id: 'forwarded-verify-doubled',
      title: 'a certificate with two headers of the verification',
      differs: 'the header of the verification comes twice, with success and with failure',
      cwes: ['CWE-287', 'CWE-436'],
      sends: (setup) => [
        request([line(setup, succeededOf(setup)), ...judged(setup, () => failedOf(setup))], 'with the success first'),
        request([...judged(setup, () => failedOf(setup)), line(setup, succeededOf(setup))], 'with the success last'),
      ],
    },
    {
      ...verdict,
      id: 'forwarded-verify-without-certificate',
      title: 'a verification that succeeded without a certificate',
      differs: 'the header of the verification says success, and there is no certificate nor a name of its holder',
      cwes: ['CWE-306'],
      sends: (setup) => [request([line(setup, succeededOf(setup))])],
    },
  );

/** The authorized peer's lines, with another verdict. */
function judged(setup: ForwardedSetup, edit: (word: string) => string): readonly HeaderLine[] {
  return setup.with(setup.lines(setup.authorized), 'verify', edit);
}

function line(setup: ForwardedSetup, word: string): HeaderLine {
  return [setup.nameOf('verify'), word];
}

function succeededOf(setup: ForwardedSetup): string {
  return verdictOf(setup, true);
}

/** As the format writes that the issuer is not known. */
function failedOf(setup: ForwardedSetup): string {
  return verdictOf(setup, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
}

function verdictOf(setup: ForwardedSetup, verified: true | string): string {
  const name = setup.nameOf('verify').toLowerCase();
  return setup.lines(setup.authorized, { verified }).find(([other]) => other.toLowerCase() === name)?.[1] ?? '';
}
