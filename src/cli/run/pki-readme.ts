import path from 'node:path';
import { shellQuote } from '../output/shell-quote.ts';

/** What was written of one identity; absolute paths. */
interface WrittenIdentity {
  readonly key: string;
  readonly certificate: string;
  readonly pkcs12: string;
}

/** What was written of one scenario. */
export interface WrittenScenario {
  readonly id: string;
  readonly role: 'client' | 'server';
  readonly title: string;
  readonly differs: string;
  readonly tier: string;
  readonly expected: Readonly<Record<'TLSv1.3' | 'TLSv1.2', string>>;
  readonly key: string;
  readonly certificate: string;
  /** Of a server's credential: the name to ask for. */
  readonly host?: string;
  /** Where the verifier must trust other anchors. */
  readonly trustAnchors?: string;
  /** Where the verifier must check these CRLs. */
  readonly revocationLists?: string;
}

/** What a written PKI consists of. */
export interface PkiReadme {
  readonly pki: string;
  readonly trustAnchors: string;
  readonly intermediates: string;
  readonly revocationLists: string;
  readonly server: WrittenIdentity;
  readonly client: WrittenIdentity;
  readonly password: string;
  /** The names that its CAs can certify, where they are constrained. */
  readonly permitted?: readonly string[];
  readonly scenarios: readonly WrittenScenario[];
}

/** The page that says what each file of a written PKI is for. */
export function pkiReadme({ trustAnchors, password, permitted, scenarios }: PkiReadme): string {
  const folder = path.dirname(trustAnchors);
  const table = (role: string): string =>
    [
      '| credential | differs from a valid one | TLS 1.3 | the verifier has to |',
      '|---|---|---|---|',
      ...scenarios.filter((scenario) => scenario.role === role).map(row),
    ].join('\n');
  return `# A PKI for tests

Written by \`mtls-fixtures pki\`. Trust it only in tests: the keys are in this folder. All keys are PKCS#8, all certificates PEM.
${permitted ? `Its CAs can certify these names only: ${permitted.map((name) => `\`${name}\``).join(', ')}. Scenarios that need others are left out.\n` : ''}
| file | what it is |
|---|---|
| \`ca.pem\` | the trust anchor: what servers and clients are to trust |
| \`intermediates.pem\` | the issuing CA, which servers and clients send along |
| \`crl.pem\` | a CRL of each CA |
| \`server/\`, \`client/\` | \`key.pem\`, \`cert.pem\` (the leaf and its issuing CA), \`identity.p12\` (password \`${password}\`) |
| \`scenarios/\` | credentials that are bad (or unusual) in exactly one way: \`key.pem\`, \`cert.pem\` |
| \`pki.json\` | everything, the CAs' keys included, for \`mtls-fixtures probe\` and \`serve\`, and for \`restorePki()\` |

Connect to a server with a valid client, and with a bad one:

\`\`\`sh
curl --cacert ca.pem --cert client/cert.pem --key client/key.pem https://localhost:8443
curl --cacert ca.pem --cert scenarios/client/expired-leaf/cert.pem --key scenarios/client/expired-leaf/key.pem https://localhost:8443
mtls-fixtures probe localhost:8443 --pki ${shellQuote(folder)}
\`\`\`

## Clients

${table('client')}

## Servers

${table('server')}
`;
}

function row({ id, differs, expected, host, trustAnchors: anchors, revocationLists }: WrittenScenario): string {
  const needs = [
    host !== undefined && host !== 'localhost' && `ask for \`${host}\``,
    anchors !== undefined && 'trust its `ca.pem`',
    revocationLists !== undefined && 'check its `crl.pem`',
  ].filter((need) => need !== false);
  return `| \`${id}\` | ${differs} | ${expected['TLSv1.3']} | ${needs.join(', ')} |`;
}
