import { type Der, element } from '../../../../asn1/der-writer.ts';
import type { CredentialTable } from '../../credential-definition.ts';
import { named, userPrincipalName } from './names.ts';

/** The user principal name of the legitimate client. */
const user = 'client@example.test';

/** What the rows have in common. */
const ofUser = {
  group: 'names',
  cves: ['CVE-2025-66220'],
  cwes: ['CWE-863', 'CWE-158'],
  severity: 'high',
  role: 'client',
  tier: 'app',
  impersonates: { userPrincipalName: user },
  valid: named(userPrincipalName(user)),
} as const;

/** Clients other than the one that an application authorizes by its user principal name. TLS accepts them all, as it has to. */
export const userPrincipalNamesCredentials: CredentialTable = () => [
  {
    id: 'upn-embedded-nul',
    title: 'a user principal name with a NUL, which ends a C string',
    differs: 'the user principal name is client@example.test, a NUL and .evil.test',
    references: [{ rfc: 5280, section: '4.2.1.6', note: 'otherName' }],
    ...ofUser,
    fault: named(userPrincipalName(`${user}\0.evil.test`)),
  },
  {
    id: 'san-othername-nul-bmpstring',
    title: 'a user principal name with a NUL, in two octets a character',
    differs: 'the user principal name is a BMPString in place of a UTF8String: client@example.test, a NUL and x',
    references: [
      { rfc: 5280, section: '4.2.1.6', note: 'otherName' },
      { document: 'X.690', section: '8.23.7', note: 'BMPString' },
    ],
    ...ofUser,
    fault: named(userPrincipalName(bmpString(`${user}\0x`))),
  },
];

/** Two octets a character, the high one first. */
function bmpString(text: string): Der {
  return element(0x1e, Buffer.from(text, 'utf16le').swap16());
}
