import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, type Handshake, startTlsServer } from '../../src/index.ts';
import { clientScenarios, serverScenarios } from '../../src/scenarios/index.ts';
import type { ArrangedCredential } from '../../src/scenarios/catalogue/scenario.ts';

const pki = createPki({ name: 'shop' });
const usual = [...clientScenarios, ...serverScenarios].filter(({ tier }) => tier !== 'app');

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (version) => {
  test.for(usual)('the transcript of a $role with $id fits a page and names the cause', async (scenario) => {
    const handshake = await handshakeWith(scenario.role, scenario.arrange(pki), { minVersion: version, maxVersion: version });

    expect(faultsOf(handshake)).toEqual([]);
  });
});

/** The files are what Node 26 says. */
const isNode26 = process.versions.node.startsWith('26.');
const core = usual.filter(({ tier }) => tier === 'core');

test.for(isNode26 ? core : [])('the transcript of a $role with $id has these words', async (scenario) => {
  const { role, id } = scenario;
  const handshake = await handshakeWith(role, scenario.arrange(pki), { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' });

  await expect(handshake.explain({ masked: true })).toMatchFileSnapshot(`../../fixtures/explained/${role}/${id}.txt`);
});

test.for(isNode26 ? [] : core)('the transcript of a $role with $id is the one of Node 26', async (scenario) => {
  const { role, id } = scenario;
  const handshake = await handshakeWith(role, scenario.arrange(pki), { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' });

  const expected = readFileSync(new URL(`../../fixtures/explained/${role}/${id}.txt`, import.meta.url), 'utf8');
  expect(onEveryNode(handshake.explain({ masked: true }))).toBe(onEveryNode(expected));
});

/** Without the advice about the system's roots, which Node 22 does not give, and without the lines in OpenSSL's sources. */
function onEveryNode(transcript: string): string {
  return transcript
    .replaceAll(/; if the root CA is installed locally, try running Node.js with --use-system-ca/gu, '')
    .replaceAll(/\.c:\d+:/gu, '.c:');
}

interface Versions {
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion: 'TLSv1.2' | 'TLSv1.3';
}

async function handshakeWith(role: 'client' | 'server', credential: ArrangedCredential, versions: Versions): Promise<Handshake> {
  const { identity, certificateMessage, ciphers, host, spelling = host, trust, crl } = credential;
  const presented = { ...(certificateMessage && { certificateMessage }) };
  const common = { ...versions, ...(ciphers !== undefined && { ciphers }) };
  const revocation = crl && { crl };
  if (role === 'server') {
    await using bad = await startTlsServer({ identity, trust: pki, ...common, ...presented });
    return await attemptHandshake(bad, { identity: pki.client(), trust, servername: spelling, ...common, ...revocation });
  }
  await using server = await startTlsServer({ identity: pki.server(), trust, ...common, ...revocation });
  return await attemptHandshake(server, { identity, trust: pki, ...common, ...presented });
}

/** What is wrong with a transcript, in words. */
function faultsOf(handshake: Handshake): string[] {
  const text = handshake.explain({ masked: true });
  const lines = text.split('\n');
  const ladder = lines.filter((line) => /^[ >] +<time> {2}/u.test(line));
  const { verdict, reason = handshake.alert?.name ?? 'leaves without an alert' } = handshake;
  const next = /^ {2}next {8}([^]*)/mu.exec(text)?.[1]?.replaceAll(/\s+/gu, ' '); // the last part, on lines of its own width
  const faults: readonly (readonly [string, boolean])[] = [
    ['more than 25 lines', lines.length > 25],
    ['no verdict', !/^Handshake (?:accepted|rejected by the (?:client|server): )/u.test(text)],
    ['not one decisive line', ladder.filter((line) => line.startsWith('>')).length !== 1],
    ['an end whose API is missing', !/^ {2}client API {2}\S/mu.test(text) || !/^ {2}server API {2}\S/mu.test(text)],
    ['something that was not masked', /\d{4}-\d\d-\d\dT|mtls-fixtures [\da-f]{6}\b/u.test(text)],
    ['something that is not text', /undefined|\[object/u.test(text)],
    [
      `a next step that does not name the cause, ${causes[reason] ?? 'which this test does not know'}`,
      verdict === 'rejected' && !isNamed(reason, next),
    ],
    ['a next step though nothing is wrong', verdict === 'accepted' && next !== undefined],
    ['no reason', verdict === 'rejected' && !text.includes(reason)],
  ];
  return faults.flatMap(([fault, isThere]) => (isThere ? [`${fault}:\n${text}`] : []));
}

function isNamed(reason: string, next: string | undefined): boolean {
  return next !== undefined && (causes[reason]?.test(next) === true || next.includes(`cannot be read as DER (${reason})`));
}

/** What the next step has to say for a reason, or for an alert where that is all that is known: the cause in the words of the field, and where it can be, the field to change. */
const causes: Readonly<Record<string, RegExp>> = {
  CERT_HAS_EXPIRED: /expire.*notAfter/u,
  CERT_NOT_YET_VALID: /valid only from.*notBefore/u,
  CERT_SIGNATURE_FAILURE: /signature of .* was not made with the key of|trusts two CAs named .* with different keys/u,
  CA_KEY_TOO_SMALL: /the key of .* \(rsa-\d+\) is too weak/u,
  CERT_REVOKED: /serial number .* is on the CRL of/u,
  CRL_HAS_EXPIRED: /CRL .* expired at .*nextUpdate/u,
  CRL_NOT_YET_VALID: /CRL .* is valid only from .*thisUpdate/u,
  CRL_SIGNATURE_FAILURE: /signature of a CRL .* was not made with the key of/u,
  DEPTH_ZERO_SELF_SIGNED_CERT: /self-signed/u,
  EC_KEY_EXPLICIT_PARAMS: /parameters of its curve.*name of the curve/u,
  ERROR_IN_CERT_NOT_AFTER_FIELD: /notAfter.*RFC 5280 4\.1\.2\.5/u,
  ERROR_IN_CERT_NOT_BEFORE_FIELD: /notBefore.*RFC 5280 4\.1\.2\.5/u,
  ERR_TLS_CERT_ALTNAME_INVALID: /the client asked for "[^"]+", and the server's certificate/u,
  EXCESSIVE_MESSAGE_SIZE: /longer than OpenSSL accepts/u,
  EXCLUDED_VIOLATION: /is within what the name constraints of/u,
  INVALID_CA: /is not a CA/u,
  INVALID_PURPOSE: /(?:key usage|nsCertType)\b.*(?:clientAuth|serverAuth|digitalSignature)|is not a CA/u,
  KEYUSAGE_NO_CRL_SIGN: /keyUsage lacks cRLSign/u,
  KEYUSAGE_NO_CERTSIGN: /keyUsage lacks keyCertSign/u,
  NO_SUITABLE_SIGNATURE_ALGORITHM: /no signature scheme in common/u,
  PATH_LENGTH_EXCEEDED: /has the pathLength \d+, and \d+ CA/u,
  PEER_DID_NOT_RETURN_A_CERTIFICATE: /did not send it: its key|no client certificate/u,
  PERMITTED_VIOLATION: /is outside what the name constraints of/u,
  PROVIDER_SIGNATURE_FAILURE: /did not sign with the private key of/u,
  SELF_SIGNED_CERT_IN_CHAIN: /another CA under the name of the trusted|root .* does not trust/u,
  NO_SHARED_CIPHER: /no cipher suite in common|keyUsage without digitalSignature, so no cipher suite/u,
  UNABLE_TO_GET_ISSUER_CERT: /trusts the intermediate .* but not its issuer/u,
  UNABLE_TO_GET_CRL: /has no CRL (?:of|that covers)/u,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: /issued each other and lead to no root|was issued by|for the issuer of|more than 100 certificates/u,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    /was issued by|trusts .* itself, but not its issuer|for the issuer of|takes no issuer for|names the issuer .* two names must be the same/u,
  UNHANDLED_CRITICAL_CRL_EXTENSION: /CRL .* has a critical extension/u,
  UNHANDLED_CRITICAL_EXTENSION: /critical extension/u,
  UNSUPPORTED_CONSTRAINT_TYPE: /name constraint of .* is of a kind/u,
  WRONG_CERTIFICATE_TYPE: /key of another type/u,
  WRONG_CURVE: /key on a curve/u,
  WRONG_SIGNATURE_TYPE: /signed with .*, which does not fit/u,
};
