import type { Alert } from '../wire/records/alert-record.ts';
import type { CertificateRecord } from '../scenarios/records/certificate-record.ts';
import { describeOutcome } from '../scenarios/records/scenario-result.ts';
import type { Fact, PageCertificate, PageChain, PageData, PageResult } from './page/data.ts';
import { assertionFiles, assertionText } from './assertion-table.ts';
import { comparisonParts } from './facts/baseline.ts';
import { meaningOf } from './facts/finding.ts';
import { sourceLinks } from './facts/links.ts';
import type { Report, ReportAssertion, ReportChain, ReportHandshake, ReportResult, ReportTarget } from './report.ts';
import { deceptive, resultName, runtimeText, shortMessage, statusSigns, statusWords, targetTitle } from './words.ts';

/** What the page's script is given: it words nothing but times. The assertions of each file come after the targets. */
export function pageData(report: Report): PageData {
  const { targets, certificates } = report;
  const changes = changesIn(report);
  return {
    targets: [
      ...targets.map((target) => ({
        title: targetTitle(target),
        underTest: target.underTest,
        results: target.results.map((result) => resultData(target, result, changes.get(result.key))),
      })),
      ...assertionFiles(report).map(({ title, assertions }) => ({
        title,
        underTest: 'assertion',
        results: assertions.map((assertion) => assertionData(assertion, changes.get(assertion.key))),
      })),
    ],
    certificates: Object.fromEntries(Object.entries(certificates).map(([fingerprint, record]) => [fingerprint, certificateData(record)])),
    words: statusWords,
    signs: statusSigns,
    deceptive: deceptive.source,
  };
}

/** By the key of a result. */
function changesIn({ comparison }: Report): ReadonlyMap<string, string> {
  return new Map(comparisonParts.flatMap(({ member, word }) => (comparison?.[member] ?? []).map(({ key }) => [key, word] as const)));
}

function resultData(target: ReportTarget, result: ReportResult, change = ''): PageResult {
  const { key, status, version, title, differs, group, tier, severity, reference, message, handshake } = result;
  const name = targetTitle(target);
  const searched = [
    result.id,
    title,
    differs,
    reference,
    message,
    name,
    severity,
    handshake?.reason,
    (result.alert ?? handshake?.alert)?.name,
  ];
  const meaning = meaningOf(target, result);
  return {
    key,
    status,
    heading: resultName(result),
    version: version.replace('TLSv', 'TLS '),
    title,
    group,
    tier,
    severity,
    change,
    searched: searched.join('\n').toLowerCase(),
    facts: factsOf(target, result),
    ...(meaning !== undefined && { meaning }),
    links: result.kind === 'scenario' ? sourceLinks(result).map(({ text, url }) => (url === undefined ? [text] : [text, url])) : [],
    ...handshakeData(handshake, message),
    ...(result.capture !== undefined && { hasCapture: true }),
  };
}

function assertionData(assertion: ReportAssertion, change = ''): PageResult {
  const { key, status, matcher, test, file, message, handshake, runtime } = assertion;
  const text = assertionText(assertion);
  return {
    key,
    status,
    heading: matcher,
    version: (handshake?.protocol ?? '').replace('TLSv', 'TLS '),
    title: test,
    group: 'assertions',
    tier: '',
    severity: '',
    change,
    searched: [text, test, file, message, handshake?.reason, handshake?.alert?.name].join('\n').toLowerCase(),
    facts: facts({
      Assertion: text,
      Seen: message.split('\n')[0],
      ...observed(handshake),
      'Run with': runtimeText(runtime),
      Time: handshake && `${handshake.durationMs.toFixed(1)} ms to the decision`,
    }),
    links: [],
    ...handshakeData(handshake, message),
  };
}

function handshakeData(
  handshake: ReportHandshake | undefined,
  message: string,
): Pick<PageResult, 'hasCapture' | 'transcript' | 'startedAt' | 'chains'> {
  const transcript = handshake?.explanation ?? (message.includes('\n') ? message : undefined);
  return {
    hasCapture: handshake?.capture !== undefined,
    ...(transcript !== undefined && { transcript }),
    ...(handshake && {
      startedAt: handshake.startedAt,
      chains: [
        chainData('Client', handshake.clientChain, handshake.resumed),
        chainData('Server', handshake.serverChain, handshake.resumed),
      ],
    }),
  };
}

function factsOf({ runtime }: ReportTarget, result: ReportResult): readonly Fact[] {
  const { differs, group, tier, severity, expected, handshake, alert, testMs, retries } = result;
  return facts({
    Differs: differs,
    Expected: describeOutcome(expected),
    Seen: shortMessage(result),
    'Alerts expected': alertsExpected(result),
    ...observed(handshake),
    ...(alert && { Alert: alertText(alert) }),
    Severity: severity,
    Controls: result.controls.join(', '),
    Group: `${group}, tier ${tier}`,
    Time: listed([
      handshake && `${handshake.durationMs.toFixed(1)} ms to the decision`,
      testMs !== undefined && `${testMs.toFixed(1)} ms the whole test`,
      retries !== undefined && retries > 0 && `tried again ${retries} times`,
    ]),
    'Run with': runtime && runtimeText(runtime),
  });
}

/** All that the rule names, where the alert that came is shown beside them; one alone is in what is expected. */
function alertsExpected({ expected }: ReportResult): string | undefined {
  if (expected.verdict === 'accepted' || expected.alert === undefined || !expected.alerts) return undefined;
  return [expected.alert, ...expected.alerts].join(' or ');
}

function alertText({ name, code, sentBy }: Alert): string {
  return `${name} (${code}), sent by the ${sentBy}`;
}

function observed(handshake: ReportHandshake | undefined): Readonly<Record<string, string | undefined>> {
  const alert = handshake?.alert;
  return {
    Reason: handshake?.reason,
    Alert: alert && alertText(alert),
    Session: handshake && sessionOf(handshake),
  };
}

function sessionOf({ protocol = 'no version agreed', cipher, group, alpn, servername, resumed }: ReportHandshake): string {
  return listed([protocol, cipher, group, alpn && `ALPN ${alpn}`, servername && `servername ${servername}`, resumed && 'resumed']);
}

function chainData(side: string, chain: ReportChain | undefined, resumed: boolean): PageChain {
  const heading = `${side} certificates`;
  if (!chain) return { heading, note: 'None was seen.', links: [] };
  if (chain.certificates.length === 0) return { heading, note: 'None was sent.', links: [] };
  const presented = resumed ? 'The session was resumed: this was presented when it began.' : 'As the end had it; not seen on the wire.';
  const origin = chain.asSent ? 'As sent, in this order.' : presented;
  return { heading, note: `${origin} The line marks the time of the handshake.`, links: chain.certificates };
}

function certificateData(certificate: CertificateRecord): PageCertificate {
  const { subject, issuer, names, notBefore, notAfter, keyUsage, extendedKeyUsage, isAuthority, pathLength } = certificate;
  return {
    subject,
    issuer,
    notBefore,
    notAfter,
    flags: [...(isAuthority ? ['CA'] : []), ...(issuer === subject ? ['self-issued'] : [])],
    facts: facts({
      Issuer: issuer || 'empty',
      Names: names.join(', ') || 'none',
      'Key usage': keyUsage ? keyUsage.join(', ') || 'empty' : 'not restricted',
      'Extended key usage': extendedKeyUsage ? extendedKeyUsage.join(', ') || 'empty' : 'not restricted',
      CA: isAuthority ? `yes${pathLength === undefined ? '' : `, path length ${pathLength}`}` : 'no',
      Key: certificate.keyAlgorithm,
      Signature: certificate.signatureAlgorithm,
      Serial: certificate.serialNumber,
      'SHA-256': certificate.fingerprint256,
    }),
  };
}

/** Those that have a value. */
function facts(values: Readonly<Record<string, string | undefined>>): readonly Fact[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const]));
}

function listed(parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(', ');
}
