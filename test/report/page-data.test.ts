import { expect, test } from 'vitest';
import { pageData } from '../../src/report/page-data.ts';
import { handshake, reportOf, result } from './a-report.ts';

test('a result has its facts in the words of the page, and both chains', () => {
  const [page] = pageData(reportOf([result])).targets[0]?.results ?? [];

  expect(page).toMatchObject({ status: 'as-expected', heading: 'expired-leaf', version: 'TLS 1.3', transcript: handshake.explanation });
  expect(Object.fromEntries(page?.facts ?? [])).toEqual({
    Differs: 'notAfter was a day ago',
    Expected: 'rejected by the server with CERT_HAS_EXPIRED',
    Seen: 'rejected by the server',
    Reason: 'CERT_HAS_EXPIRED',
    Alert: 'certificate_expired (45), sent by the server',
    Session: 'TLSv1.3, TLS_AES_128_GCM_SHA256, servername localhost',
    Severity: 'high',
    Group: 'time, tier core',
    Time: '12.3 ms to the decision, 20.0 ms the whole test, tried again 2 times',
  });
  expect(page?.chains).toEqual([
    {
      heading: 'Client certificates',
      note: 'As sent, in this order. The line marks the time of the handshake.',
      links: ['AA', { unreadableBytes: 3 }],
    },
    {
      heading: 'Server certificates',
      note: 'As the end had it; not seen on the wire. The line marks the time of the handshake.',
      links: ['BB'],
    },
  ]);
});

test('a result has its links, its key, and the published controls where its record has them', () => {
  const withControls = Object.assign(structuredClone(result), { controls: ['ASVS-v5.0.0-12.1.3', 'RFC9325-4.5'] });
  const [page] = pageData(reportOf([withControls])).targets[0]?.results ?? [];

  expect(page).toMatchObject({
    key: 'server:api [unit]/TLSv1.3/expired-leaf',
    severity: 'high',
    hasCapture: false,
    facts: expect.arrayContaining([['Controls', 'ASVS-v5.0.0-12.1.3, RFC9325-4.5']]),
    links: [
      ['RFC 5280 6.1.3(a)(2)', 'https://www.rfc-editor.org/rfc/rfc5280#section-6.1.3'],
      ['class of CVE-2022-21449', 'https://www.cve.org/CVERecord?id=CVE-2022-21449'],
      ['CWE-298 Improper Validation of Certificate Expiration', 'https://cwe.mitre.org/data/definitions/298.html'],
    ],
  });
});

test('the search looks at identifiers, words, the reason and the alert, in lower case', () => {
  const [page] = pageData(reportOf([result])).targets[0]?.results ?? [];

  for (const text of ['expired-leaf', 'a day ago', 'rfc 5280', 'api [unit]', 'cert_has_expired', 'certificate_expired'])
    expect(page?.searched).toContain(text);
  expect(page?.searched).not.toContain('tls_aes_128_gcm_sha256');
});

test.for([
  ['no message of several lines', 'not judged: no server', undefined],
  ['a message of several lines', 'refused\n> by the server', 'refused\n> by the server'],
] as const)('a result without a handshake has %s as its transcript', ([, message, transcript]) => {
  const { handshake: _handshake, ...without } = result;

  const [page] = pageData(reportOf([{ ...without, kind: 'last-control', message }])).targets[0]?.results ?? [];

  expect(page).toMatchObject({ heading: 'control at the end' });
  expect([page?.transcript, page?.chains, page?.startedAt]).toEqual([transcript, undefined, undefined]);
});

test.for([
  ['None was seen.', undefined, false],
  ['None was sent.', { asSent: true, certificates: [] }, false],
  [
    'The session was resumed: this was presented when it began. The line marks the time of the handshake.',
    { asSent: false, certificates: ['AA'] },
    true,
  ],
] as const)('of a chain it says "%s"', ([note, clientChain, resumed]) => {
  const { clientChain: _chain, ...rest } = handshake;

  const [page] =
    pageData(reportOf([{ ...result, handshake: { ...rest, resumed, ...(clientChain && { clientChain }) } }])).targets[0]?.results ?? [];

  expect(page?.chains?.[0]?.note).toBe(note);
});

test('a certificate has its facts; what restricts it is told from what is empty', () => {
  const { certificates } = pageData(reportOf([result]));

  expect(certificates['AA']).toMatchObject({ subject: 'CN=a', flags: [] });
  expect(Object.fromEntries(certificates['AA']?.facts ?? [])).toMatchObject({
    Names: 'DNS:a.test, IP:127.0.0.1',
    'Key usage': 'not restricted',
    'Extended key usage': 'empty',
    CA: 'no',
  });
  expect(certificates['BB']).toMatchObject({ flags: ['CA', 'self-issued'] });
  expect(Object.fromEntries(certificates['BB']?.facts ?? [])).toMatchObject({
    Names: 'none',
    'Key usage': 'keyCertSign',
    CA: 'yes, path length 0',
  });
});

test('a result of an edited handshake has the alerts that the rule names, the one that came, its messages and its capture', () => {
  const { handshake: _handshake, ...without } = result;
  const [page] =
    pageData(
      reportOf([
        {
          ...without,
          expected: { verdict: 'rejected', by: 'server', alert: 'unexpected_message', alerts: ['illegal_parameter'] },
          message: 'refused\n  Certificate (left out by the scenario) -->',
          alert: { name: 'decode_error', code: 50, sentBy: 'server' },
          capture: 'AA==',
        },
      ]),
    ).targets[0]?.results ?? [];

  expect(Object.fromEntries(page?.facts ?? [])).toMatchObject({
    Expected: 'rejected by the server (alert unexpected_message)',
    'Alerts expected': 'unexpected_message or illegal_parameter',
    Alert: 'decode_error (50), sent by the server',
  });
  expect(page).toMatchObject({ hasCapture: true, transcript: expect.stringContaining('left out by the scenario') });
  expect(page?.searched).toContain('decode_error');
});
