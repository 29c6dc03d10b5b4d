import type { BoundTokenScenarioId } from '../ids/bound-token-ids.ts';
import type { Reference } from '../references.ts';
import { type BoundTokenDefinition, comparison, forBoundTokens } from './bound-token-definition.ts';
import type { BoundTokenScenario, ConfirmationForm, ShownToken } from './bound-token-scenario.ts';

/** Tokens whose claim `cnf` does not name the certificate of the connection as RFC 8705 has it. */
export const confirmations = (): readonly BoundTokenScenario[] =>
  forBoundTokens(
    {
      ...ownCertificate('bound-token-unbound', 'none'),
      title: 'a token that is not bound to a certificate',
      differs: 'the token has no claim cnf',
      tier: 'core',
      severity: 'high',
      references: [{ rfc: 9700, section: '2.2.1', note: 'sender-constrained access tokens' }],
    },
    {
      ...ownCertificate('bound-token-empty-confirmation', 'empty'),
      title: 'a token whose claim cnf is empty',
      differs: 'the claim cnf is an object without members',
      tier: 'core',
      severity: 'high',
      references: [thumbprintMember],
    },
    {
      ...ownCertificate('bound-token-other-confirmation', 'jkt'),
      title: 'a token that is bound to a key by another method',
      differs: 'the claim cnf has the thumbprint of a key for DPoP, and none of a certificate',
      tier: 'core',
      severity: 'high',
      references: [thumbprintMember, { rfc: 9449, section: '6.1' }],
    },
    {
      ...ownCertificate('bound-token-empty-thumbprint', 'empty-thumbprint'),
      title: 'a token whose thumbprint is empty',
      differs: 'the thumbprint in the token is the empty text',
      tier: 'core',
      severity: 'high',
      references: [comparison],
    },
    {
      ...ownCertificate('bound-token-truncated-thumbprint', 'truncated'),
      title: 'a token with the first half of the thumbprint',
      differs: 'the thumbprint in the token is cut off after half of it',
      tier: 'core',
      severity: 'medium',
      references: [comparison],
    },
    {
      ...ownCertificate('bound-token-longer-thumbprint', 'longer'),
      title: 'a token whose thumbprint goes on behind that of the certificate',
      differs: 'the thumbprint in the token is followed by further characters',
      tier: 'core',
      severity: 'medium',
      references: [comparison],
    },
    {
      ...ownCertificate('bound-token-upper-case-thumbprint', 'upper-case'),
      title: 'a token with the thumbprint in upper case',
      differs: 'the thumbprint in the token is in upper case, which is another value in base64url',
      tier: 'core',
      severity: 'medium',
      references: [comparison],
      cwes: ['CWE-178', 'CWE-863'],
    },
    ...otherEncodings,
    ...rebound,
  );

function ownCertificate(id: BoundTokenScenarioId, confirmation: ConfirmationForm): Pick<BoundTokenDefinition, 'id' | 'cwes' | 'requests'> {
  return { id, cwes: ['CWE-863'], requests: [{ presents: 'client', tokens: [{ boundTo: 'client', confirmation }] }] };
}

/** Of a client with its own certificate that shows another client's token, which it has changed. */
function changed(id: BoundTokenScenarioId, how: ShownToken['rebound'] & string): Pick<BoundTokenDefinition, 'id' | 'cwes' | 'requests'> {
  return { id, cwes: ['CWE-347'], requests: [{ presents: 'sibling', tokens: [{ boundTo: 'client', rebound: how }] }] };
}

const thumbprintMember: Reference = { rfc: 8705, section: '3.1', note: 'the member x5t#S256 of cnf' };
const encoding: Reference = { rfc: 8705, section: '3.1', note: 'SHA-256 in base64url without padding' };

/** They name the certificate, in a form that no issuer writes: a resource server that takes them is lenient. */
const otherEncodings: readonly BoundTokenDefinition[] = [
  {
    ...ownCertificate('bound-token-sha1-thumbprint', 'sha1'),
    title: 'a token that is bound by SHA-1',
    differs: 'the claim cnf has x5t, the thumbprint by SHA-1, and no x5t#S256',
    tier: 'extended',
    severity: 'medium',
    references: [encoding],
    cwes: ['CWE-328'],
  },
  {
    ...ownCertificate('bound-token-hex-thumbprint', 'hex'),
    title: 'a token with the thumbprint in hexadecimal',
    differs: 'the thumbprint in the token is in hexadecimal',
    tier: 'extended',
    references: [encoding],
  },
  {
    ...ownCertificate('bound-token-base64-thumbprint', 'base64'),
    title: 'a token with the thumbprint in base64',
    differs: 'the thumbprint in the token is in the alphabet of base64, with padding',
    tier: 'extended',
    references: [encoding],
  },
  {
    ...ownCertificate('bound-token-padded-thumbprint', 'padded'),
    title: 'a token with the thumbprint in base64url with padding',
    differs: 'the thumbprint in the token has padding',
    tier: 'extended',
    references: [encoding],
  },
];

/** A client that binds another's token to itself. */
const rebound: readonly BoundTokenDefinition[] = [
  {
    ...changed('bound-token-rebound', 'signed'),
    title: 'a token whose thumbprint was replaced, with the signature of before',
    differs: "the client has put the thumbprint of its own certificate into another client's token",
    tier: 'core',
    severity: 'critical',
    references: [{ rfc: 7515, section: '5.2', note: 'the signature is verified' }],
  },
  {
    ...changed('bound-token-rebound-unsigned', 'unsigned'),
    title: 'a token whose thumbprint was replaced, as one without signature',
    differs: "the client has put the thumbprint of its own certificate into another client's token, and alg none into its header",
    tier: 'core',
    severity: 'critical',
    references: [{ rfc: 8725, section: '3.2', note: 'not the algorithm none' }],
  },
];
