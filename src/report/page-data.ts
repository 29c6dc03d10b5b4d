import type { CertificateRecord } from '../scenarios/records/certificate-record.ts';
import { describeOutcome } from '../scenarios/records/scenario-result.ts';
import type { Fact, PageCertificate, PageChain, PageData, PageResult } from './page/data.ts';
import type { Report, ReportChain, ReportHandshake, ReportResult, ReportTarget } from './report.ts';
import { deceptive, shortMessage, statusSigns, statusWords, targetTitle } from './words.ts';

/** What the page's script is given: it words nothing but times. */
export function pageData({ targets, certificates }: Report): PageData {
  return {
    targets: targets.map((target) => ({
      title: targetTitle(target),
      underTest: target.underTest,
      results: target.results.map((result) => resultData(target, result)),
    })),
    certificates: Object.fromEntries(Object.entries(certificates).map(([fingerprint, record]) => [fingerprint, certificateData(record)])),
    words: statusWords,
    signs: statusSigns,
    deceptive: deceptive.source,
  };
}

function resultData(target: ReportTarget, result: ReportResult): PageResult {
  const { status, kind, id, version, title, differs, group, tier, reference, message, handshake } = result;
  const searched = [id, title, differs, reference, message, targetTitle(target), handshake?.reason, handshake?.alert?.name];
  const transcript = handshake?.explanation ?? (message.includes('\n') ? message : undefined);
  return {
    status,
    heading: kind === 'last-control' ? 'control at the end' : id,
    version: version.replace('TLSv', 'TLS '),
    title,
    group,
    tier,
    searched: searched.join('\n').toLowerCase(),
    facts: factsOf(result),
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

function factsOf(result: ReportResult): readonly Fact[] {
  const { differs, group, tier, reference, expected, handshake, testMs, retries } = result;
  const alert = handshake?.alert;
  return facts({
    Differs: differs,
    Expected: describeOutcome(expected),
    Seen: shortMessage(result),
    Reason: handshake?.reason,
    Alert: alert && `${alert.name} (${alert.code}), sent by the ${alert.sentBy}`,
    Session: handshake && sessionOf(handshake),
    Group: `${group}, tier ${tier}`,
    Reference: reference,
    Time: listed([
      handshake && `${handshake.durationMs.toFixed(1)} ms to the decision`,
      testMs !== undefined && `${testMs.toFixed(1)} ms the whole test`,
      retries !== undefined && retries > 0 && `tried again ${retries} times`,
    ]),
  });
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
